package io.darkroom.plan;

import io.darkroom.model.DataScaling;
import io.darkroom.model.Space;

/**
 * How a picture of a request is read.
 *
 * @param channels channels of its tensor, 1 (grey) or 3 (RGB)
 * @param deep whether samples are read as numbers from 0 to 65535: they are normalised by the
 *     scaling or, without one, by their own range; otherwise 8 bits become [-1, 1]
 * @param scaling scaling of the package
 * @param carried whether its opacity and colour profile are carried over to the result
 */
public record PictureForm(int channels, boolean deep, DataScaling scaling, boolean carried) {
  /** Eight bits of red, green and blue. */
  public static final PictureForm RGB = new PictureForm(Space.RGB, false, DataScaling.NONE, false);
}
