package io.darkroom.onnx;

import io.darkroom.image.BlockMeans;
import io.darkroom.model.LatentColors;
import io.darkroom.model.Shape;
import io.darkroom.model.Tensor;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/**
 * Fits the colours of a latent space by least squares: fixed latents are decoded, and the mean
 * colours of the pixels of each cell are fitted linearly to its channels. The latents are patches
 * of uniform colour, because a decoder also depends on neighbouring cells, and in pictures
 * neighbours are similar.
 */
final class ColorFit {
  private static final int COLORS = LatentColors.COLORS;
  private static final int PATCH = 4;
  private static final int PICTURES = 2;

  /** Makes the equations solvable if channels hardly differ; small compared with variances of 1. */
  private static final double RIDGE = 1e-6;

  private final int unknowns;
  private final double[][] products;
  private final double[][] sums;

  private ColorFit(int channels) {
    unknowns = channels + 1;
    products = new double[unknowns][unknowns];
    sums = new double[unknowns][COLORS];
    for (int i = 0; i < unknowns; i++) {
      products[i][i] = RIDGE;
    }
  }

  /**
   * Returns the colours that fit a decoder best.
   *
   * @param shape shape of the latents to decode
   * @throws IllegalArgumentException if the decoder returns numbers that are not finite
   */
  static LatentColors of(UnaryOperator<Tensor> decoder, Shape shape) {
    ColorFit fit = new ColorFit(shape.channels());
    for (int i = 0; i < PICTURES; i++) {
      Tensor latents = patches(shape, new SplittableRandom(i));
      fit.add(latents, decoder.apply(latents));
    }
    return fit.solved();
  }

  private static Tensor patches(Shape shape, SplittableRandom random) {
    int wide = (shape.width() + PATCH - 1) / PATCH;
    int high = (shape.height() + PATCH - 1) / PATCH;
    float[] numbers = TestInputs.numbers(random, shape.channels() * high * wide);
    float[] values = new float[shape.size()];
    int next = 0;
    for (int c = 0; c < shape.channels(); c++) {
      for (int y = 0; y < shape.height(); y++) {
        for (int x = 0; x < shape.width(); x++) {
          values[next++] = numbers[(c * high + y / PATCH) * wide + x / PATCH];
        }
      }
    }
    return new Tensor(values, shape);
  }

  private void add(Tensor latents, Tensor picture) {
    Shape large = picture.shape();
    int factor = large.width() / latents.shape().width();
    BlockMeans means =
        new BlockMeans(
            COLORS, large.height(), large.width(), large.height(), large.width(), factor);
    float[] colors = new float[means.smallSize()];
    means.shrink(picture.values(), colors);
    int cells = colors.length / COLORS;
    double[] terms = new double[unknowns];
    for (int cell = 0; cell < cells; cell++) {
      terms[unknowns - 1] = 1;
      for (int c = 0; c < unknowns - 1; c++) {
        terms[c] = latents.values()[c * cells + cell];
      }
      add(terms, colors, cell, cells);
    }
  }

  private void add(double[] terms, float[] colors, int cell, int cells) {
    for (int i = 0; i < unknowns; i++) {
      for (int j = 0; j < unknowns; j++) {
        products[i][j] += terms[i] * terms[j];
      }
      for (int color = 0; color < COLORS; color++) {
        sums[i][color] += terms[i] * colors[color * cells + cell];
      }
    }
  }

  /**
   * Solves by Gauss-Jordan elimination; the matrix is positive definite, so no pivoting is needed.
   */
  private LatentColors solved() {
    for (int i = 0; i < unknowns; i++) {
      scale(i, 1 / products[i][i]);
      for (int j = 0; j < unknowns; j++) {
        if (j != i) {
          subtract(j, products[j][i], i);
        }
      }
    }
    double[][] factors = new double[unknowns - 1][];
    System.arraycopy(sums, 0, factors, 0, factors.length);
    return new LatentColors(factors, sums[unknowns - 1]);
  }

  private void scale(int row, double by) {
    for (int k = 0; k < unknowns; k++) {
      products[row][k] *= by;
    }
    for (int k = 0; k < COLORS; k++) {
      sums[row][k] *= by;
    }
  }

  private void subtract(int row, double times, int other) {
    for (int k = 0; k < unknowns; k++) {
      products[row][k] -= times * products[other][k];
    }
    for (int k = 0; k < COLORS; k++) {
      sums[row][k] -= times * sums[other][k];
    }
  }
}
