package io.darkroom.plan;

import io.darkroom.job.Size;
import io.darkroom.model.Shape;
import io.darkroom.model.Space;

/**
 * The facts of an input that planning needs, from its header.
 *
 * @param shape {@code [C, h, w]} of a picture; the whole shape of a tensor, with the rows first
 * @param readingBytes maximum bytes of the Java heap while it is read
 * @param bits 16 if it is a picture whose samples have 16 bits, else 8
 */
public record InputFacts(Shape shape, long readingBytes, int bits) {

  /** Creates the facts of a tensor, or of a picture with 8 bits. */
  public InputFacts(Shape shape, long readingBytes) {
    this(shape, readingBytes, Byte.SIZE);
  }

  /** Creates the facts of a picture. */
  public InputFacts(Size size, long readingBytes) {
    this(new Shape(Space.RGB, size.height(), size.width()), readingBytes);
  }
}
