package io.darkroom.render;

import java.util.Locale;

/** Counts previews. Called on any thread; must be quick. */
@FunctionalInterface
public interface PreviewObserver {

  /** Does nothing. */
  PreviewObserver NONE = fate -> {};

  /** A preview ended. */
  void ended(Fate fate);

  /** What became of a preview. */
  enum Fate {
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
