package io.darkroom.job;

import java.util.Locale;

/** The reason why a request has no result. */
public enum ErrorClass {
  /** The request is unreadable, breaks the schema or cannot be planned. */
  INVALID,
  /** Another request was rendered under the same id and prefix. */
  CONFLICT,
  /** A picture that the request names is missing, unreadable or does not match its digest. */
  INPUT,
  /** The model is not served, its package is broken, or its network refuses the inputs. */
  MODEL,
  /** The request needs more memory than the device, or the share of the heap for images, has. */
  CAPACITY,
  /** The network's output contained NaN or infinity. */
  NUMERIC,
  /** The deadline passed. */
  DEADLINE,
  /** The store could not be read or written. */
  STORAGE,
  /** The pixels differ from those of a stored manifest with the same fingerprint. */
  DIVERGENCE,
  /** An internal error of the worker. */
  INTERNAL;

  /**
   * Returns whether the unchanged request may succeed when it is sent again: on another device, or
   * after the source picture or the store is repaired.
   */
  public boolean retryable() {
    return this == CAPACITY || this == INPUT || this == STORAGE;
  }

  /** Returns the name in messages. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
