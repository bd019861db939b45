package io.darkroom.model.condition;

import com.google.auto.service.AutoService;
import io.darkroom.diffusion.noise.NoiseSource;
import io.darkroom.image.Bilinear;
import io.darkroom.job.StageRequest;
import io.darkroom.job.Violations;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Condition;
import io.darkroom.model.ConditionFamily;
import io.darkroom.model.ConditionPlan;
import io.darkroom.model.Conditioning;
import io.darkroom.model.NetworkNames;
import io.darkroom.model.PackageFacts;
import io.darkroom.model.Padding;
import io.darkroom.model.Shape;
import io.darkroom.model.SmallPicture;
import io.darkroom.model.Space;
import io.darkroom.model.Tensor;
import io.darkroom.model.TensorInfo;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A small picture, enlarged, as channels after those of the sample: super-resolution in pixel space
 * (SR3, Saharia et al. 2021). Noise can be added to the small picture first; its level is passed to
 * the network as a number per row (Cascaded Diffusion Models, Ho et al. 2021).
 *
 * @param factor enlargement per side
 * @param maxNoiseLevel maximum noise level of the small picture, in steps
 * @param noiseLevelStd standard deviation per step, for pictures in [-1, 1]
 * @param channels channels of the picture
 * @param level the network's input for the noise level, if it has one
 */
public record LowResolution(
    int factor, int maxNoiseLevel, double noiseLevelStd, int channels, Optional<TensorInfo> level)
    implements Condition {

  @Override
  public List<TensorInfo> inputs() {
    return level.stream().toList();
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
    int noiseLevel = SmallPicture.noiseLevel(request, 0, maxNoiseLevel, model, violations);
    return new Plan(noiseLevel, noiseLevel * noiseLevelStd, factor);
  }

  /** A noise level and its standard deviation. */
  private record Plan(int noiseLevel, double deviation, int factor) implements ConditionPlan {

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
      return noiseLevel > 0;
    }

    @Override
    public Rows tensors(Inputs inputs) {
      Tensor small = inputs.picture(StageRequest.IMAGE);
      float[] noised =
          noiseLevel > 0 ? noised(small, (float) deviation, inputs.noise()) : small.values();
      float[] channels = enlarged(noised, small.shape(), inputs.sample());
      return Rows.both(
          new Conditioning(
              Map.of(NetworkNames.CLASS_LABELS, (long) noiseLevel), Map.of(), channels));
    }

    private static float[] noised(Tensor small, float deviation, NoiseSource noise) {
      float[] noised = new float[small.values().length];
      noise.fill(noised);
      for (int i = 0; i < noised.length; i++) {
        noised[i] = small.values()[i] + deviation * noised[i];
      }
      return noised;
    }

    private float[] enlarged(float[] values, Shape small, Shape sample) {
      float[] large =
          Bilinear.enlarge(values, small.channels(), small.height(), small.width(), factor);
      Shape shape = new Shape(small.channels(), small.height() * factor, small.width() * factor);
      return Padding.extend(large, shape, sample.height(), sample.width());
    }
  }

  /**
   * Recognises the condition by the configuration's {@code scale}, or by twice as many input
   * channels as output channels.
   */
  @AutoService(ConditionFamily.class)
  public static final class Family implements ConditionFamily {

    @Override
    public int order() {
      return -1;
    }

    @Override
    public Optional<LowResolution> recognize(PackageFacts facts) throws BrokenPackage {
      boolean enlarges =
          facts.config().has("scale") || facts.inputChannels() == 2 * facts.outputChannels();
      boolean latent = facts.files().has("text_encoder") || facts.files().has("vqvae_decoder");
      if (latent || !enlarges) {
        return Optional.empty();
      }
      int channels = facts.inputChannels() / 2;
      if (channels != 1 && channels != Space.RGB) {
        throw facts.broken(
            "sample", "must have 1 or 3 channels of an image to enlarge, has " + channels);
      }
      Optional<TensorInfo> level = facts.input(NetworkNames.CLASS_LABELS);
      if (level.isPresent() && (level.get().rank() != 1 || !level.get().type().number())) {
        throw facts.broken(
            NetworkNames.CLASS_LABELS, "must be a vector of numbers, is " + level.get());
      }
      return Optional.of(
          new LowResolution(
              facts.config().positive("scale"),
              facts.config().integer("max_noise_level").orElse(0),
              facts.config().number("noise_level_std").orElse(0),
              channels,
              level));
    }

    @Override
    public boolean makes(Condition condition) {
      return condition instanceof LowResolution;
    }
  }
}
