package io.darkroom.plan;

import io.darkroom.job.Resize;
import io.darkroom.job.StageRequest;
import io.darkroom.model.ConditionPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The input of an image's first sample, and the part of the picture that is kept.
 *
 * @param from the input of the first sample
 * @param keep how the picture's known part is kept
 * @param resize how the picture and its mask are resized; empty if there are none, or if they are
 *     not resized
 */
public record Start(From from, Keep keep, Optional<Resize> resize) {

  /** The input of the first sample. */
  public enum From {
    /** Only noise. */
    NOISE,
    /** The request's picture with noise. */
    PICTURE,
    /** The sample of the previous stage, unchanged. */
    LATENTS
  }

  /** How the known part of the request's picture is kept. */
  public enum Keep {
    /** The known part is not kept, or the network keeps it. */
    NOTHING,
    /** After each evaluation, the part where the mask is black is replaced. */
    PUT_BACK,
    /** The sampler keeps it. */
    BY_SAMPLER
  }

  /** Only noise. */
  public static final Start NOISE = new Start(From.NOISE, Keep.NOTHING, Optional.empty());

  /** The sample of the previous stage. */
  public static final Start LATENTS = new Start(From.LATENTS, Keep.NOTHING, Optional.empty());

  /** Returns whether the request's picture is read. */
  public boolean readsPicture() {
    return from == From.PICTURE || keep != Keep.NOTHING;
  }

  /** Returns the JSON pointers of the pictures that are read. */
  public List<String> pictures() {
    List<String> pointers = new ArrayList<>();
    if (readsPicture()) {
      pointers.add(StageRequest.IMAGE);
    }
    if (keep != Keep.NOTHING) {
      pointers.add(StageRequest.MASK);
    }
    return pointers;
  }

  /** Returns the pictures that are encoded for the first sample, if the space has an encoder. */
  List<ConditionPlan.Encoding> encodings() {
    return readsPicture()
        ? List.of(pictures -> Objects.requireNonNull(pictures.get(StageRequest.IMAGE)))
        : List.of();
  }
}
