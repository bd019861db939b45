package io.darkroom.job;

/** How a start picture of another size is brought to that of the result. */
public enum Resize {
  /** It must have that size. */
  EXACT,
  /** The whole of it, scaled; where it does not reach its edge is repeated. */
  FIT,
  /** As much of it as covers the result, scaled and cut. */
  FILL
}
