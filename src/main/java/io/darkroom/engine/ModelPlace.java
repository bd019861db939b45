package io.darkroom.engine;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * One package of an engine, open or closed, with its measured memory and its use. Engine thread
 * only.
 */
final class ModelPlace {
  private final String name;
  private final Callable<Networks> opener;
  private @Nullable Networks networks;
  private long bytes;
  private long usedNanos;
  private long loads;

  ModelPlace(String name, Callable<Networks> opener) {
    this.name = name;
    this.opener = opener;
  }

  /** Opens the package. */
  Networks open(long now) throws Exception {
    return setNetworks(opener.call(), now);
  }

  /** Stores the networks of the package that was just opened. */
  Networks setNetworks(Networks opened, long now) {
    networks = opened;
    bytes = opened.findings().bytes();
    usedNanos = now;
    loads++;
    return opened;
  }

  void close() {
    @Nullable Networks open = networks;
    if (open != null) {
      networks = null;
      open.close();
    }
  }

  void used(long now) {
    usedNanos = now;
  }

  /** Raises the memory that its calls need. */
  void grow(long needed) {
    bytes = needed;
  }

  String name() {
    return name;
  }

  boolean isOpen() {
    return networks != null;
  }

  /** Returns the networks of an open package. */
  Networks networks() {
    return Objects.requireNonNull(networks);
  }

  /**
   * Returns the memory of the open package as measured; 0 before it was opened for the first time.
   */
  long bytes() {
    return bytes;
  }

  /** Returns the memory that it uses now. */
  long heldBytes() {
    return networks == null ? 0 : bytes;
  }

  long usedNanos() {
    return usedNanos;
  }

  /** Returns how often the package was opened. */
  long loads() {
    return loads;
  }
}
