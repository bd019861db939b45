package io.darkroom.app.cli;

import io.darkroom.image.Pixels;
import io.darkroom.replay.PictureDifference;

/**
 * A picture of the first render and the same picture of the second render.
 *
 * @param name request id and index
 */
record ComparedPictures(String name, Pixels first, Pixels second, PictureDifference difference) {}
