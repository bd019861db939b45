package io.darkroom.diffusion;

/**
 * Classifier-free guidance (Ho and Salimans 2022, eq. 6): {@code unconditional + scale *
 * (conditional - unconditional)}, on the network's outputs; {@code rescale} mixes in the result
 * scaled to the conditional output's standard deviation (Lin et al. 2024, section 3.4).
 *
 * @param scale 1 or less switches guidance off
 * @param rescale weight of the rescaled result, 0 to 1
 */
public record Guidance(double scale, double rescale) {

  /** One evaluation a step, no guidance. */
  public static final Guidance NONE = new Guidance(1, 0);

  /** Most rows of an evaluation: an unconditional one and a conditional one. */
  public static final int MOST_ROWS = 2;

  /** Whether an evaluation has an unconditional row, too. */
  public boolean on() {
    return scale > 1;
  }

  /** Rows of the network per evaluation. */
  public int rows() {
    return on() ? MOST_ROWS : 1;
  }

  /**
   * Writes the guided output over {@code unconditional}.
   *
   * @param conditional {@code [C, H, W]}, read only
   * @param unconditional {@code [C, H, W]}, overwritten
   */
  public void apply(float[] conditional, float[] unconditional, int size) {
    float factor = (float) scale;
    for (int i = 0; i < size; i++) {
      unconditional[i] += factor * (conditional[i] - unconditional[i]);
    }
    if (rescale > 0) {
      rescale(conditional, unconditional, size);
    }
  }

  private void rescale(float[] conditional, float[] guided, int size) {
    float whole = (float) (deviation(conditional, size) / deviation(guided, size));
    float weight = (float) rescale;
    for (int i = 0; i < size; i++) {
      guided[i] = weight * (guided[i] * whole) + (1 - weight) * guided[i];
    }
  }

  private static double deviation(float[] values, int size) {
    double sum = 0;
    for (int i = 0; i < size; i++) {
      sum += values[i];
    }
    double mean = sum / size;
    double squares = 0;
    for (int i = 0; i < size; i++) {
      squares += (values[i] - mean) * (values[i] - mean);
    }
    return StrictMath.sqrt(squares / (size - 1));
  }
}
