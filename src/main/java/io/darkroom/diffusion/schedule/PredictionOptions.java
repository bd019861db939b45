package io.darkroom.diffusion.schedule;

import static io.darkroom.diffusion.PredictionType.EPSILON;
import static io.darkroom.diffusion.PredictionType.FLOW_PREDICTION;
import static io.darkroom.diffusion.PredictionType.SAMPLE;
import static io.darkroom.diffusion.PredictionType.V_PREDICTION;

import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.PredictionType;

/**
 * The option {@code prediction_type} with the values that a scheduler supports; epsilon is first.
 */
public final class PredictionOptions {
  public static final Option<PredictionType> EPSILON_OR_V = of(EPSILON, V_PREDICTION);
  public static final Option<PredictionType> EPSILON_SAMPLE_OR_V =
      of(EPSILON, SAMPLE, V_PREDICTION);
  public static final Option<PredictionType> ALL =
      of(EPSILON, SAMPLE, V_PREDICTION, FLOW_PREDICTION);

  private PredictionOptions() {}

  private static Option<PredictionType> of(PredictionType... known) {
    return Option.choice("prediction_type", known[0], known);
  }
}
