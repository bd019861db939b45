package io.darkroom.diffusion.sampler;

import com.fasterxml.jackson.databind.JsonNode;
import io.darkroom.Golden;
import io.darkroom.diffusion.schedule.BetaSchedule;
import io.darkroom.diffusion.schedule.NoiseCurve;
import java.util.Locale;

/** Measures how near each training schedule is to the tables of the golden numbers. */
final class CurveProofs {

  private CurveProofs() {}

  /** Returns the table in Markdown. */
  static String table() {
    MarkdownTable table =
        new MarkdownTable("curve", "golden tables", "worst error of a beta", "tested by");
    for (BetaSchedule schedule : BetaSchedule.values()) {
      int tables = 0;
      double worst = 0;
      for (JsonNode each : Golden.json("schedules/index.json")) {
        if (each.get("name").asText().equals(schedule.toString())) {
          tables++;
          worst = Math.max(worst, worst(schedule, each));
        }
      }
      table.row(
          schedule.toString(),
          tables > 0 ? Integer.toString(tables) : "",
          tables > 0 ? String.format(Locale.ROOT, "%.1e", worst) : "",
          tables > 0 ? "golden, formula" : "formula");
    }
    return table.toString();
  }

  private static double worst(BetaSchedule schedule, JsonNode json) {
    JsonNode range = json.get("parameters");
    NoiseCurve plain =
        NoiseCurve.of(
            schedule,
            range.path("beta_start").asDouble(0.0001),
            range.path("beta_end").asDouble(0.02),
            json.get("num_train_timesteps").asInt());
    NoiseCurve curve =
        json.get("rescale_betas_zero_snr").asBoolean() ? plain.rescaledToZeroSnr() : plain;
    float[] wanted = Golden.npy("schedules/" + json.get("betas").asText()).floats();
    double worst = 0;
    for (int t = 0; t < wanted.length; t++) {
      worst = Math.max(worst, Math.abs((double) curve.beta(t) - wanted[t]));
    }
    return worst;
  }
}
