package io.darkroom.image;

/**
 * Enlarges pictures by an integer factor with bilinear interpolation (half-pixel centres, clamped
 * edges). The bits equal those of {@code torch.nn.functional.interpolate(scale_factor=factor,
 * mode="bilinear", align_corners=False)} on a CPU with AVX2.
 */
public final class Bilinear {

  private Bilinear() {}

  /**
   * Returns the picture {@code factor} times as wide and as high.
   *
   * @param tensor {@code [channels, height, width]}; read only
   * @param factor 1 or more
   * @return a new array {@code [channels, factor * height, factor * width]}
   */
  public static float[] enlarge(float[] tensor, int channels, int height, int width, int factor) {
    if (factor < 1) {
      throw new IllegalArgumentException("factor: must be 1 or more, is " + factor);
    }
    if ((long) channels * height * width != tensor.length) {
      throw new IllegalArgumentException(
          "tensor: must be %d x %d x %d, has %d elements"
              .formatted(channels, height, width, tensor.length));
    }
    Axis columns = new Axis(width, factor);
    Axis rows = new Axis(height, factor);
    int elements = Math.multiplyExact(tensor.length, factor * factor);
    float[] out = new float[elements];
    float[] wide = widened(tensor, channels * height, columns);
    int row = width * factor;
    for (int c = 0; c < channels; c++) {
      for (int y = 0; y < height * factor; y++) {
        int near = (c * height + rows.near[y]) * row;
        int far = (c * height + rows.far[y]) * row;
        int to = (c * height * factor + y) * row;
        float nearWeight = rows.nearWeight[y];
        float farWeight = rows.farWeight[y];
        for (int x = 0; x < row; x++) {
          out[to + x] = Math.fma(wide[near + x], nearWeight, wide[far + x] * farWeight);
        }
      }
    }
    return out;
  }

  private static float[] widened(float[] tensor, int rows, Axis columns) {
    int width = tensor.length / rows;
    int wider = columns.near.length;
    float[] wide = new float[rows * wider];
    for (int y = 0; y < rows; y++) {
      for (int x = 0; x < wider; x++) {
        float near = tensor[y * width + columns.near[x]];
        float far = tensor[y * width + columns.far[x]];
        wide[y * wider + x] = Math.fma(near, columns.nearWeight[x], far * columns.farWeight[x]);
      }
    }
    return wide;
  }

  /** For each element of an enlarged axis: its two source elements and their weights. */
  private static final class Axis {
    final int[] near;
    final int[] far;
    final float[] nearWeight;
    final float[] farWeight;

    Axis(int length, int factor) {
      int enlarged = Math.multiplyExact(length, factor);
      near = new int[enlarged];
      far = new int[enlarged];
      nearWeight = new float[enlarged];
      farWeight = new float[enlarged];
      // As in PyTorch, the step is a float and the rest is double.
      double step = (float) (1.0 / factor);
      for (int i = 0; i < enlarged; i++) {
        double at = Math.max(step * (i + 0.5) - 0.5, 0);
        near[i] = Math.min((int) at, length - 1);
        far[i] = Math.min(near[i] + 1, length - 1);
        farWeight[i] = (float) Math.min(at - near[i], 1);
        nearWeight[i] = 1 - farWeight[i];
      }
    }
  }
}
