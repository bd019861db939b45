package io.darkroom.render;

import java.util.Locale;

/** What became of a preview that was begun. */
public enum PreviewFate {
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
