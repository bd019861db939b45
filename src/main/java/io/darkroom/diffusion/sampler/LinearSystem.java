package io.darkroom.diffusion.sampler;

/** Solves small systems of linear equations. */
final class LinearSystem {

  private LinearSystem() {}

  /**
   * Solves the Vandermonde system {@code sum of w[j] points[j]^i = sums[i]} for the weights w
   * (Björck and Pereyra 1970, algorithm for the primal system).
   *
   * @param points all different
   * @param sums as many as points
   */
  static double[] vandermonde(double[] points, double[] sums) {
    int n = points.length;
    double[] w = sums.clone();
    for (int k = 0; k < n - 1; k++) {
      for (int i = n - 1; i > k; i--) {
        w[i] -= points[k] * w[i - 1];
      }
    }
    for (int k = n - 2; k >= 0; k--) {
      for (int i = k + 1; i < n; i++) {
        w[i] /= points[i] - points[i - k - 1];
      }
      for (int i = k; i < n - 1; i++) {
        w[i] -= w[i + 1];
      }
    }
    return w;
  }
}
