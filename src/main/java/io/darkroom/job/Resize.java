package io.darkroom.job;

/** How a start picture is resized to the size of the result. */
public enum Resize {
  /** The picture must already have that size. */
  EXACT,
  /** The whole picture is scaled to fit; missing parts repeat the edge. */
  FIT,
  /** The picture is scaled to cover the size and cropped. */
  FILL
}
