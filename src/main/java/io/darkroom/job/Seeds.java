package io.darkroom.job;

import java.util.List;
import java.util.Optional;

/**
 * The random numbers of a request.
 *
 * @param seed of the first image, all 64 bits unsigned; image {@code i} has {@code seed + i}. Empty
 *     = the first eight bytes of the id's SHA-256
 * @param seeds one per image instead of {@code seed}; empty where not given
 * @param mode whether images have a generator each or share one
 * @param generator the random number generator: {@code torch_cpu}, {@code torch_cuda} or {@code
 *     philox}
 * @param numImages 1 to 64
 */
public record Seeds(
    Optional<Long> seed, List<Long> seeds, Mode mode, String generator, int numImages) {

  /** Which generator an image draws from. */
  public enum Mode {
    /** Every image has its own. */
    IMAGE,
    /** One for all: image {@code i} takes its slice of every draw, as a diffusers batch does. */
    BATCH
  }

  public Seeds {
    seeds = List.copyOf(seeds);
  }
}
