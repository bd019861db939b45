package io.darkroom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A mixture of Gaussians: the distribution on which the starter {@code mixture-1d} was trained.
 *
 * @param parts its Gaussians; their weights add up to 1
 */
public record Mixture(List<Part> parts) {
  public static final Path PACKAGE = DirectEngine.STARTER.resolve("mixture-1d");

  public Mixture {
    parts = List.copyOf(parts);
  }

  /** A Gaussian of the mixture. */
  public record Part(double weight, double mean, double deviation) {}

  /** Reads the mixture that the configuration of the package describes. */
  public static Mixture ofPackage() throws IOException {
    Path config = PACKAGE.resolve("unet/config.json");
    JsonNode mixture = new ObjectMapper().readTree(config.toFile()).required("mixture");
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < mixture.required("weights").size(); i++) {
      parts.add(
          new Part(
              mixture.required("weights").required(i).doubleValue(),
              mixture.required("means").required(i).doubleValue(),
              mixture.required("standard_deviations").required(i).doubleValue()));
    }
    return new Mixture(parts);
  }

  /** Returns the probability density at a point. */
  public double density(double x) {
    double sum = 0;
    for (Part part : parts) {
      double z = (x - part.mean()) / part.deviation();
      sum += part.weight() * Math.exp(-z * z / 2) / (part.deviation() * Math.sqrt(2 * Math.PI));
    }
    return sum;
  }

  /** Returns the probability of values up to a point, with an error below 2e-7. */
  public double probability(double x) {
    double sum = 0;
    for (Part part : parts) {
      double z = (x - part.mean()) / (part.deviation() * Math.sqrt(2));
      sum += part.weight() * (1 + erf(z)) / 2;
    }
    return sum;
  }

  /**
   * Returns the Kolmogorov-Smirnov distance: the largest difference between the distribution
   * function of the points and that of the mixture.
   */
  public double distance(float[] points) {
    float[] sorted = points.clone();
    Arrays.sort(sorted);
    double most = 0;
    for (int i = 0; i < sorted.length; i++) {
      double probability = probability(sorted[i]);
      double below = (double) i / sorted.length;
      double upTo = (double) (i + 1) / sorted.length;
      most = Math.max(most, Math.max(probability - below, upTo - probability));
    }
    return most;
  }

  /** Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26; error below 1.5e-7. */
  private static double erf(double z) {
    double t = 1 / (1 + 0.3275911 * Math.abs(z));
    double series =
        ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592)
            * t;
    return Math.copySign(1 - series * Math.exp(-z * z), z);
  }
}
