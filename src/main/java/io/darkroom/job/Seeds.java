package io.darkroom.job;

import java.util.List;
import java.util.Optional;

/**
 * Seeds, generator and number of images of a request.
 *
 * @param seed seed of the first image, all 64 bits unsigned; image {@code i} has {@code seed + i}.
 *     Empty = the first eight bytes of the id's SHA-256
 * @param seeds one per image instead of {@code seed}; empty if not given
 * @param mode whether each image has its own generator or all share one
 * @param generator the random number generator: {@code torch_cpu}, {@code torch_cuda} or {@code
 *     philox}
 * @param numImages number of images, 1 to 64
 */
public record Seeds(
    Optional<Long> seed, List<Long> seeds, Mode mode, String generator, int numImages) {

  /** The generator from which an image draws. */
  public enum Mode {
    /** Each image has its own generator. */
    IMAGE,
    /**
     * All images share one generator: image {@code i} takes its slice of every draw, as in a
     * diffusers batch.
     */
    BATCH
  }

  public Seeds {
    seeds = List.copyOf(seeds);
  }

  /** Returns the number of images. */
  public int images() {
    return seeds.isEmpty() ? numImages : seeds.size();
  }

  /** Returns the seed of an image; empty if it comes from the request's id. */
  public Optional<Long> seedOf(int image) {
    if (!seeds.isEmpty()) {
      return Optional.of(seeds.get(image));
    }
    return seed.map(first -> mode == Mode.BATCH ? first : first + image);
  }
}
