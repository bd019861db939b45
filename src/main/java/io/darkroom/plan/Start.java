package io.darkroom.plan;

import io.darkroom.job.Resize;
import io.darkroom.job.StageRequest;
import io.darkroom.model.ConditionPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What the first sample of an image is made of, and what the image is held to.
 *
 * @param noised whether it is the request's picture with noise, else noise alone
 * @param keep what is kept of the picture
 * @param resize how the picture and its mask are brought to the size of the result; empty where
 *     there are none, or where they are taken as they are
 */
public record Start(boolean noised, Keep keep, Optional<Resize> resize) {

  /** What is kept of the request's picture. */
  public enum Keep {
    /** Nothing, or the network does it itself. */
    NOTHING,
    /** After each evaluation it is put back where its mask is black. */
    PUT_BACK,
    /** The sampler paints around it. */
    BY_SAMPLER
  }

  /** Noise alone. */
  public static final Start NOISE = new Start(false, Keep.NOTHING, Optional.empty());

  /** Whether it reads the request's picture. */
  public boolean readsPicture() {
    return noised || keep != Keep.NOTHING;
  }

  /** Pointers of the pictures that it reads. */
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

  /** Pictures that are encoded for it, in a space that has an encoder. */
  List<ConditionPlan.Encoding> encodings() {
    return readsPicture()
        ? List.of(pictures -> Objects.requireNonNull(pictures.get(StageRequest.IMAGE)))
        : List.of();
  }
}
