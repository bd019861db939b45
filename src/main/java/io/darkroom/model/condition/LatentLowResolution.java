package io.darkroom.model.condition;

import com.google.auto.service.AutoService;
import io.darkroom.job.StageRequest;
import io.darkroom.job.Violations;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Condition;
import io.darkroom.model.ConditionFamily;
import io.darkroom.model.ConditionPlan;
import io.darkroom.model.Conditioning;
import io.darkroom.model.PackageFacts;
import io.darkroom.model.Padding;
import io.darkroom.model.SmallPicture;
import io.darkroom.model.Tensor;
import io.darkroom.model.TensorInfo;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A small image as channels after those of latents of the same size: super-resolution in latent
 * space (LDM-SR, Rombach et al. 2022, section 4.4).
 *
 * @param factor pixels of the result per pixel of the image and side
 */
public record LatentLowResolution(int factor) implements Condition {
  private static final int CHANNELS = 3;

  @Override
  public List<TensorInfo> inputs() {
    return List.of();
  }

  @Override
  public int channels() {
    return CHANNELS;
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
    violations.check(
        request.source().noiseLevel().orElse(0) == 0, "/noise_level", "must be 0 for " + model);
    return new Plan();
  }

  /** The image of a request. */
  private record Plan() implements ConditionPlan {

    @Override
    public List<String> pictures() {
      return List.of(StageRequest.IMAGE);
    }

    @Override
    public Rows tensors(Inputs inputs) {
      Tensor small = inputs.picture(StageRequest.IMAGE);
      float[] channels =
          Padding.extend(
              small.values(), small.shape(), inputs.sample().height(), inputs.sample().width());
      return Rows.both(new Conditioning(Map.of(), Map.of(), channels));
    }
  }

  /**
   * Recognises the condition by three more input channels than the sample has, together with a VQ
   * decoder.
   */
  @AutoService(ConditionFamily.class)
  public static final class Family implements ConditionFamily {

    @Override
    public int order() {
      return -1;
    }

    @Override
    public Optional<LatentLowResolution> recognize(PackageFacts facts) throws BrokenPackage {
      boolean matches =
          facts.files().has("vqvae_decoder")
              && facts.inputChannels() == facts.outputChannels() + CHANNELS;
      if (!matches) {
        return Optional.empty();
      }
      return Optional.of(new LatentLowResolution(SmallPicture.factor(facts, "vqvae_decoder")));
    }

    @Override
    public boolean makes(Condition condition) {
      return condition instanceof LatentLowResolution;
    }
  }
}
