package io.darkroom.model.condition;

import com.google.auto.service.AutoService;
import io.darkroom.diffusion.Level;
import io.darkroom.diffusion.noise.NoiseSource;
import io.darkroom.diffusion.schedule.BetaSchedule;
import io.darkroom.diffusion.schedule.NoiseCurve;
import io.darkroom.job.StageRequest;
import io.darkroom.job.Violations;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Condition;
import io.darkroom.model.ConditionFamily;
import io.darkroom.model.ConditionPlan;
import io.darkroom.model.Conditioning;
import io.darkroom.model.Config;
import io.darkroom.model.NetworkNames;
import io.darkroom.model.PackageFacts;
import io.darkroom.model.Padding;
import io.darkroom.model.SmallPicture;
import io.darkroom.model.Tensor;
import io.darkroom.model.TensorInfo;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A small image, with noise of a separate schedule, as channels after those of latents of the same
 * size, and the noise level as a number per row: the x4 upscaler of Stable Diffusion. The images of
 * a batch share the noise, as in diffusers.
 *
 * @param factor pixels of the result per pixel of the image and side
 * @param maxNoiseLevel maximum noise level of a request, a timestep of the schedule
 * @param curve noise schedule of the small image
 * @param level the network's input for the noise level
 */
public record NoisedImage(int factor, int maxNoiseLevel, NoiseCurve curve, TensorInfo level)
    implements Condition {
  private static final int CHANNELS = 3;
  private static final int NOISE_LEVEL = 20;

  @Override
  public List<TensorInfo> inputs() {
    return List.of(level);
  }

  @Override
  public int channels() {
    return CHANNELS;
  }

  @Override
  public int labels() {
    return maxNoiseLevel + 1;
  }

  @Override
  public OptionalInt scale() {
    return OptionalInt.of(factor);
  }

  @Override
  public boolean guides() {
    return false;
  }

  @Override
  public String summary() {
    return SmallPicture.summary(factor);
  }

  @Override
  public ConditionPlan plan(StageRequest request, String model, Violations violations) {
    int standard = Math.min(NOISE_LEVEL, maxNoiseLevel);
    int noiseLevel = SmallPicture.noiseLevel(request, standard, maxNoiseLevel, model, violations);
    return new Plan(noiseLevel, curve.level(Math.min(noiseLevel, maxNoiseLevel)));
  }

  /** A level of noise. */
  private record Plan(int noiseLevel, Level level) implements ConditionPlan {

    @Override
    public StageRequest fill(StageRequest request) {
      return SmallPicture.withNoiseLevel(request, noiseLevel);
    }

    @Override
    public List<String> pictures() {
      return List.of(StageRequest.IMAGE);
    }

    @Override
    public boolean perImage() {
      return true;
    }

    @Override
    public Rows tensors(Inputs inputs) {
      Tensor small = inputs.picture(StageRequest.IMAGE);
      float[] noised = noised(small.values(), inputs.noise());
      float[] channels =
          Padding.extend(noised, small.shape(), inputs.sample().height(), inputs.sample().width());
      return Rows.both(
          new Conditioning(
              Map.of(NetworkNames.CLASS_LABELS, (long) noiseLevel), Map.of(), channels));
    }

    private float[] noised(float[] values, NoiseSource noise) {
      float[] noised = new float[values.length];
      noise.fillShared(noised);
      float alpha = (float) level.alpha();
      float sigma = (float) level.sigma();
      for (int i = 0; i < noised.length; i++) {
        noised[i] = alpha * values[i] + sigma * noised[i];
      }
      return noised;
    }
  }

  /** Recognises the condition by the small image's schedule in the package. */
  @AutoService(ConditionFamily.class)
  public static final class Family implements ConditionFamily {
    private static final String SCHEDULE = "low_res_scheduler/scheduler_config.json";
    private static final int MOST = 350;

    @Override
    public int order() {
      return -1;
    }

    @Override
    public Optional<NoisedImage> recognize(PackageFacts facts) throws BrokenPackage {
      Optional<Config> schedule = facts.files().configIfPresent(SCHEDULE);
      if (schedule.isEmpty() || facts.inputChannels() != facts.outputChannels() + CHANNELS) {
        return Optional.empty();
      }
      Optional<TensorInfo> level = facts.input(NetworkNames.CLASS_LABELS);
      if (level.isEmpty() || level.get().rank() != 1 || !level.get().type().number()) {
        throw facts.broken(NetworkNames.CLASS_LABELS, "must be a vector of numbers, is " + level);
      }
      NoiseCurve curve = curve(schedule.get());
      Config index = facts.files().config("model_index.json");
      int most = index.integer("max_noise_level").orElse(MOST);
      int factor = SmallPicture.factor(facts, "vae_decoder");
      return Optional.of(
          new NoisedImage(factor, Math.min(most, curve.steps() - 1), curve, level.get()));
    }

    private static NoiseCurve curve(Config schedule) throws BrokenPackage {
      String name = String.valueOf(schedule.values().getOrDefault("beta_schedule", "linear"));
      Optional<BetaSchedule> found =
          Arrays.stream(BetaSchedule.values()).filter(s -> s.toString().equals(name)).findFirst();
      double start = schedule.number("beta_start").orElse(1e-4);
      double end = schedule.number("beta_end").orElse(0.02);
      if (found.isEmpty() || schedule.has("trained_betas")) {
        throw schedule.broken("beta_schedule", "must be a named schedule, is " + name);
      }
      if (!(start > 0 && start <= end && end < 1)) {
        throw schedule.broken(
            "beta_start", "must be above 0, at most beta_end, and beta_end below 1, is " + start);
      }
      return NoiseCurve.of(found.get(), start, end, schedule.positive("num_train_timesteps"));
    }

    @Override
    public Set<String> components() {
      return Set.of("low_res_scheduler");
    }

    @Override
    public boolean makes(Condition condition) {
      return condition instanceof NoisedImage;
    }
  }
}
