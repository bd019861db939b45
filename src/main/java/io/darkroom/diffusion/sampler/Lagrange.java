package io.darkroom.diffusion.sampler;

/** Integrals of Lagrange's basis polynomials. */
final class Lagrange {
  /** Nodes and weights of the Gauss-Legendre rule that is exact up to degree 5. */
  private static final double NODE = StrictMath.sqrt(0.6);

  private Lagrange() {}

  /**
   * Returns the integral from {@code from} to {@code to} of the polynomial that is 1 at {@code
   * nodes[j]} and 0 at the others; exact for up to 6 nodes.
   */
  static double integral(double[] nodes, int j, double from, double to) {
    double middle = (from + to) / 2;
    double half = (to - from) / 2;
    double sum =
        5 * basis(nodes, j, middle - NODE * half)
            + 8 * basis(nodes, j, middle)
            + 5 * basis(nodes, j, middle + NODE * half);
    return half * sum / 9;
  }

  /** Returns the polynomial that is 1 at {@code nodes[j]} and 0 at the others. */
  static double basis(double[] nodes, int j, double x) {
    double product = 1;
    for (int k = 0; k < nodes.length; k++) {
      if (k != j) {
        product *= (x - nodes[k]) / (nodes[j] - nodes[k]);
      }
    }
    return product;
  }
}
