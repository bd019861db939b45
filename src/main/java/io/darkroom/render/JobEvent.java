package io.darkroom.render;

import java.util.Locale;

/** The events of a job, in order. They contain values only; nothing is encoded yet. */
public sealed interface JobEvent {

  /** The first evaluation is about to run. */
  record Started(Progress progress) implements JobEvent {}

  /** Some evaluations are done. At most one per second, plus one for each preview. */
  record Progressed(Progress progress) implements JobEvent {}

  /** A started preview was published or dropped. */
  record Previewed(PreviewFate fate) implements JobEvent {}

  /** The job has its outcome, which is not published yet. The last event of a job. */
  record Settled(Delivery delivery, Settlement settlement) implements JobEvent {}

  /** The end of a started preview. */
  enum PreviewFate {
    /** It was stored, and a progress event names it. */
    PUBLISHED,
    /** A newer preview of the same request replaced it. */
    REPLACED,
    /** Its request ended first. */
    LATE,
    /** It could not be stored. */
    FAILED;

    /** The wire name. */
    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
