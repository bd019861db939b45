package io.darkroom.render;

/** Hears what becomes of previews, on any thread: must be quick. */
@FunctionalInterface
public interface PreviewObserver {

  /** Hears nothing. */
  PreviewObserver NONE = fate -> {};

  /** A preview came to its end. */
  void ended(PreviewFate fate);
}
