package io.darkroom.render;

/**
 * Which evaluations of a job give a preview: those that end every so many steps of the schedule, of
 * the image under way with the lowest index, but for its last one, after which the picture itself
 * comes. A step is one as a user counts them, however often the sampler asks the network in it.
 * Engine thread only.
 */
final class PreviewSteps {
  private static final int NOBODY = -1;

  private final int every;
  private final int steps;
  private final int evaluations;
  private int shown = NOBODY;

  /**
   * @param every so many steps
   * @param steps of the schedule
   * @param evaluations of an image
   */
  PreviewSteps(int every, int steps, int evaluations) {
    this.every = every;
    this.steps = steps;
    this.evaluations = evaluations;
  }

  /**
   * The step that an evaluation ends, where it is to give a preview, else 0.
   *
   * @param done evaluations of the image, this one included
   */
  int ended(int image, int done) {
    if (shown == NOBODY || image < shown) {
      shown = image;
    }
    if (image != shown) {
      return 0;
    }
    if (done == evaluations) {
      shown = NOBODY;
      return 0;
    }
    int step = step(done);
    return step / every > step(done - 1) / every ? step : 0;
  }

  private int step(int done) {
    return (int) ((long) done * steps / evaluations);
  }
}
