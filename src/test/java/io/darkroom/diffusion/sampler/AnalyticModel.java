package io.darkroom.diffusion.sampler;

import com.fasterxml.jackson.databind.JsonNode;
import io.darkroom.Golden;
import java.util.stream.StreamSupport;

/**
 * The optimal denoiser in closed form for data whose elements are Gaussian with the mean of the
 * golden inputs and standard deviation 0.25. The families are described in the golden numbers'
 * README.
 */
public interface AnalyticModel {
  double VARIANCE = 0.25 * 0.25;

  /**
   * Returns the network's output for a sample in the network's scaling, {@code [C, H, W]} or {@code
   * [2C, H, W]}.
   */
  float[] apply(float[] x, double timestep);

  /** Returns the denoiser of a golden model. */
  static AnalyticModel named(String name) {
    JsonNode model =
        StreamSupport.stream(Golden.json("models/index.json").spliterator(), false)
            .filter(each -> each.get("name").asText().equals(name))
            .findFirst()
            .orElseThrow();
    float[] mean = GoldenCase.input("mean");
    String predicts = model.path("prediction_type").asText();
    return switch (model.get("family").asText()) {
      case "vp" -> variancePreserving(model, mean, predicts);
      case "flow" -> flow(mean);
      case "edm" -> edm(mean, model.get("sigma_data").asDouble(), predicts);
      case "angle" -> angle(mean);
      case "ve" -> score(mean);
      default -> throw new AssertionError("unknown family of " + name);
    };
  }

  private static AnalyticModel variancePreserving(JsonNode model, float[] mean, String predicts) {
    String schedule = model.get("schedule").asText();
    String named = schedule.equals("squaredcos") ? "squaredcos_cap_v2" : schedule;
    String table = named + "_1000" + (model.get("zsnr").asBoolean() ? "_zsnr" : "");
    float[] alphas = Golden.npy("schedules/" + table + "_alphas_cumprod.npy").floats();
    boolean learned = model.get("out_channels").asInt() == 6;
    return (x, timestep) -> {
      double t = Math.max(0, Math.min(999, timestep));
      int below = Math.min(998, (int) t);
      double a = alphas[below] + (t - below) * ((double) alphas[below + 1] - alphas[below]);
      float[] out = new float[learned ? 2 * x.length : x.length];
      for (int i = 0; i < x.length; i++) {
        out[i] = (float) predicted(predicts, x[i], mean[i], a);
        if (learned) {
          out[x.length + i] = Math.max(-1, Math.min(1, x[i] / 2 + mean[i] / 4));
        }
      }
      return out;
    };
  }

  private static double predicted(String predicts, double x, double mean, double a) {
    double q = (x - Math.sqrt(a) * mean) / (a * VARIANCE + 1 - a);
    double epsilon = Math.sqrt(1 - a) * q;
    double denoised = mean + Math.sqrt(a) * VARIANCE * q;
    return switch (predicts) {
      case "epsilon" -> epsilon;
      case "sample" -> denoised;
      case "v_prediction" -> Math.sqrt(a) * epsilon - Math.sqrt(1 - a) * denoised;
      default -> throw new AssertionError("unknown prediction " + predicts);
    };
  }

  /** Returns noise minus data on the straight path between them; timesteps are thousandths. */
  static AnalyticModel flow(float[] mean) {
    return (x, t) -> {
      double sigma = t / 1000;
      double b = 1 - sigma;
      float[] out = new float[x.length];
      for (int i = 0; i < x.length; i++) {
        double q = (x[i] - b * mean[i]) / (b * b * VARIANCE + sigma * sigma);
        out[i] = (float) (sigma * q - (mean[i] + b * VARIANCE * q));
      }
      return out;
    };
  }

  private static AnalyticModel edm(float[] mean, double d, String predicts) {
    double sign = predicts.equals("v_prediction") ? -1 : 1;
    return (x, t) -> {
      double sigma = StrictMath.exp(4 * t);
      double total = sigma * sigma + VARIANCE;
      double ofMean = Math.sqrt(sigma * sigma + d * d);
      float[] out = new float[x.length];
      for (int i = 0; i < x.length; i++) {
        double f = sigma / (d * total) * ((VARIANCE - d * d) * x[i] + ofMean * mean[i]);
        out[i] = (float) (sign * f);
      }
      return out;
    };
  }

  private static AnalyticModel angle(float[] mean) {
    return (x, t) -> {
      double alpha = StrictMath.cos(t * Math.PI / 2);
      float[] out = new float[x.length];
      for (int i = 0; i < x.length; i++) {
        out[i] = (float) predicted("v_prediction", x[i], mean[i], alpha * alpha);
      }
      return out;
    };
  }

  private static AnalyticModel score(float[] mean) {
    return (x, sigma) -> {
      float[] out = new float[x.length];
      for (int i = 0; i < x.length; i++) {
        out[i] = (float) ((mean[i] - x[i]) / (sigma * sigma + VARIANCE));
      }
      return out;
    };
  }
}
