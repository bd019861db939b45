package io.darkroom.plan;

import io.darkroom.job.Size;
import io.darkroom.model.Shape;
import io.darkroom.model.Space;

/**
 * The facts of an input that planning needs, from its header.
 *
 * @param shape {@code [3, h, w]} of a picture; the whole shape of a tensor, with the rows first
 * @param readingBytes maximum bytes of the Java heap while it is read
 */
public record InputFacts(Shape shape, long readingBytes) {

  /** Creates the facts of a picture. */
  public InputFacts(Size size, long readingBytes) {
    this(new Shape(Space.RGB, size.height(), size.width()), readingBytes);
  }
}
