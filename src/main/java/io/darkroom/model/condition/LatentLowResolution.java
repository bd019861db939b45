package io.darkroom.model.condition;

import com.google.auto.service.AutoService;
import io.darkroom.job.Source;
import io.darkroom.job.StageRequest;
import io.darkroom.job.Violations;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Condition;
import io.darkroom.model.ConditionFamily;
import io.darkroom.model.ConditionPlan;
import io.darkroom.model.Conditioning;
import io.darkroom.model.PackageFacts;
import io.darkroom.model.Padding;
import io.darkroom.model.Tensor;
import io.darkroom.model.TensorInfo;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A small image as channels behind those of latents of the same sides: super-resolution in latent
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
    return "image, " + factor + " times enlarged";
  }

  @Override
  public ConditionPlan plan(StageRequest request, String model, Violations violations) {
    violations.check(
        !(request.source() instanceof Source.Enlarge enlarge)
            || enlarge.noiseLevel().orElse(0) == 0,
        "/noise_level",
        "must be 0 for " + model);
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

  /** Recognised by three more channels than the sample has, beside a VQ decoder. */
  @AutoService(ConditionFamily.class)
  public static final class Family implements ConditionFamily {

    @Override
    public int order() {
      return -1;
    }

    @Override
    public Optional<LatentLowResolution> recognize(PackageFacts facts) throws BrokenPackage {
      boolean beside =
          facts.files().has("vqvae_decoder")
              && facts.inputChannels() == facts.outputChannels() + CHANNELS;
      if (!beside) {
        return Optional.empty();
      }
      int blocks =
          facts.files().config("vqvae_decoder/config.json").list("block_out_channels").size();
      return Optional.of(new LatentLowResolution(1 << Math.min(Math.max(0, blocks - 1), 16)));
    }

    @Override
    public boolean makes(Condition condition) {
      return condition instanceof LatentLowResolution;
    }
  }
}
