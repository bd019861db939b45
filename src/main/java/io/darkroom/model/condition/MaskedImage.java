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
import io.darkroom.model.Mask;
import io.darkroom.model.NetworkNames;
import io.darkroom.model.PackageFacts;
import io.darkroom.model.Tensor;
import io.darkroom.model.TensorInfo;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The mask and the latents of the masked image as channels after those of the sample: the
 * inpainting networks of Stable Diffusion. The noise of the latents is drawn after that of the
 * first sample, as in diffusers.
 *
 * @param latents channels of the sample
 */
public record MaskedImage(int latents) implements Condition {

  @Override
  public List<TensorInfo> inputs() {
    return List.of();
  }

  @Override
  public int channels() {
    return 1 + latents;
  }

  @Override
  public boolean guides() {
    return false;
  }

  @Override
  public boolean paintsAround() {
    return true;
  }

  @Override
  public String summary() {
    return "image and mask_image";
  }

  @Override
  public ConditionPlan plan(StageRequest request, String model, Violations violations) {
    Source source = request.source();
    violations.check(
        source.image().isPresent(),
        "/image",
        "is required for " + model + ", which is an inpainting model");
    violations.check(
        source.mask().isPresent(),
        "/mask_image",
        "is required for " + model + ", which is an inpainting model");
    return new Plan();
  }

  /** Both pictures of a request. */
  private record Plan() implements ConditionPlan {

    @Override
    public List<String> pictures() {
      return List.of(StageRequest.IMAGE, StageRequest.MASK);
    }

    @Override
    public List<Encoding> encodings() {
      return List.of(Plan::masked);
    }

    private static Tensor masked(Map<String, Tensor> pictures) {
      Tensor mask = ConditionPlan.picture(pictures, StageRequest.MASK);
      return new Mask(mask).hide(ConditionPlan.picture(pictures, StageRequest.IMAGE));
    }

    @Override
    public boolean drawsAfterStart() {
      return true;
    }

    @Override
    public boolean perImage() {
      return true;
    }

    @Override
    public Rows tensors(Inputs inputs) {
      float[] masked =
          ConditionPlan.latents(
              inputs.encoded().get(0), inputs.sample().channels(), inputs.noise());
      float[] mask =
          new Mask(inputs.picture(StageRequest.MASK))
              .white(inputs.sample().height(), inputs.sample().width());
      float[] channels = new float[mask.length + masked.length];
      System.arraycopy(mask, 0, channels, 0, mask.length);
      System.arraycopy(masked, 0, channels, mask.length, masked.length);
      return Rows.both(new Conditioning(Map.of(), Map.of(), channels));
    }
  }

  /** Recognises the condition by its channels: one for the mask, and twice those of the sample. */
  @AutoService(ConditionFamily.class)
  public static final class Family implements ConditionFamily {

    @Override
    public int order() {
      return -1;
    }

    @Override
    public Optional<MaskedImage> recognize(PackageFacts facts) throws BrokenPackage {
      int latents = facts.outputChannels();
      if (!facts.files().has("text_encoder") || facts.inputChannels() != 2 * latents + 1) {
        return Optional.empty();
      }
      if (!facts.files().has("vae_encoder")) {
        throw facts.broken(
            NetworkNames.SAMPLE,
            "has the channels of an inpainting network, which needs vae_encoder/");
      }
      return Optional.of(new MaskedImage(latents));
    }

    @Override
    public boolean makes(Condition condition) {
      return condition instanceof MaskedImage;
    }
  }
}
