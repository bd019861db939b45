package io.darkroom.render;

import java.util.Locale;

/** What happens to a job, in the order in which it happens. Values only: nothing is encoded yet. */
public sealed interface JobEvent {

  /** The first evaluation is about to run. */
  record Started(Progress progress) implements JobEvent {}

  /** Some of the evaluations are done; at most one a second, and one for each preview. */
  record Progressed(Progress progress) implements JobEvent {}

  /** A preview that was begun was published or dropped. */
  record Previewed(PreviewFate fate) implements JobEvent {}

  /** The job has its outcome, which is not published yet. The last event of a job. */
  record Settled(Delivery delivery, Settlement settlement) implements JobEvent {}

  /** What became of a preview that was begun. */
  enum PreviewFate {
    /** It was stored and announced. */
    PUBLISHED,
    /** A newer one of the same request came before it was stored or announced. */
    REPLACED,
    /** Its request ended before. */
    LATE,
    /** It could not be stored. */
    FAILED;

    /** The wire name. */
    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
