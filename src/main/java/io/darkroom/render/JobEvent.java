package io.darkroom.render;

import java.util.Locale;

/** The events of a job, in order. They contain plain values, which the listeners encode. */
public sealed interface JobEvent {

  /** The first evaluation is about to run. */
  record Started(Progress progress) implements JobEvent {}

  /** Some evaluations have finished. Posted at most once per second, and once for each preview. */
  record Progressed(Progress progress) implements JobEvent {}

  /** A preview that was started is published or dropped. */
  record Previewed(PreviewFate fate) implements JobEvent {}

  /** The job has its outcome, which is not published yet. This is the last event of a job. */
  record Settled(Delivery delivery, Settlement settlement) implements JobEvent {}

  /** What happened to a preview that was started. */
  enum PreviewFate {
    /** The preview was stored, and a progress event names it. */
    PUBLISHED,
    /** A newer preview of the same request replaced it. */
    REPLACED,
    /** The request ended first. */
    LATE,
    /** The preview could not be stored. */
    FAILED;

    /** Returns the wire name. */
    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
