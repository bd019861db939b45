package io.darkroom.diffusion;

/**
 * Classifier-free guidance (Ho and Salimans 2022, eq. 6) on the network's outputs: {@code
 * unconditional + scale * (conditional - unconditional)}. {@code rescale} mixes in the result
 * scaled to the standard deviation of the conditional output (Lin et al. 2024, section 3.4).
 *
 * @param scale 1 or less switches guidance off
 * @param rescale weight of the rescaled result, 0 to 1
 * @param interval evaluations that are guided; the others use the conditional output unchanged
 */
public record Guidance(double scale, double rescale, Interval interval) {

  /**
   * A part of the evaluations of a render (Kynkaanniemi et al. 2024), counted as diffusers' guiders
   * do: of {@code n} evaluations, those from {@code floor(from * n)} up to, but not including,
   * {@code floor(to * n)}.
   *
   * @param from fraction of the evaluations, 0 to 1
   * @param to fraction of the evaluations, above {@code from}
   */
  public record Interval(double from, double to) {
    /** All evaluations. */
    public static final Interval WHOLE = new Interval(0, 1);

    /** Returns the index of the first evaluation in the interval. */
    int first(int evaluations) {
      return (int) (from * evaluations);
    }

    /** Returns the index after the last evaluation in the interval. */
    int end(int evaluations) {
      return (int) (to * evaluations);
    }
  }

  /** No guidance; one row per evaluation. */
  public static final Guidance NONE = new Guidance(1, 0);

  /** Maximum rows of an evaluation: one unconditional and one conditional. */
  public static final int MOST_ROWS = 2;

  /** Creates guidance of all evaluations. */
  public Guidance(double scale, double rescale) {
    this(scale, rescale, Interval.WHOLE);
  }

  /** Returns whether guidance is on, so that an evaluation also has an unconditional row. */
  public boolean on() {
    return scale > 1;
  }

  /** Returns the maximum rows of the network per evaluation. */
  public int mostRows() {
    return on() ? MOST_ROWS : 1;
  }

  /**
   * Returns the rows of the network at an evaluation.
   *
   * @param k the evaluation, from 0
   * @param evaluations number of evaluations of the render
   */
  public int rows(int k, int evaluations) {
    boolean within = k >= interval.first(evaluations) && k < interval.end(evaluations);
    return on() && within ? MOST_ROWS : 1;
  }

  /** Returns the rows of the network for all evaluations of an image. */
  public long rows(int evaluations) {
    int guided = on() ? interval.end(evaluations) - interval.first(evaluations) : 0;
    return (long) evaluations + guided;
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
