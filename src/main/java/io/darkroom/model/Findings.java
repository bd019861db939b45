package io.darkroom.model;

import java.util.Map;
import java.util.Optional;

/**
 * What was found out about a package when it was loaded and tested.
 *
 * @param answers SHA-256 of what its networks give for fixed inputs, by component
 * @param answersKnown whether these answers were known before, and are the same
 * @param memory what it takes
 * @param profile of its rows
 * @param colors of its latent space, where it has one and they are known
 */
public record Findings(
    Map<String, String> answers,
    boolean answersKnown,
    Memory memory,
    Profile profile,
    Optional<LatentColors> colors) {
  /** Nothing was tested. */
  public static final Findings NONE =
      new Findings(Map.of(), false, new Memory(0, 0, 1), Profile.NONE);

  public Findings {
    answers = Map.copyOf(answers);
  }

  /** Findings about a package without a latent space. */
  public Findings(
      Map<String, String> answers, boolean answersKnown, Memory memory, Profile profile) {
    this(answers, answersKnown, memory, profile, Optional.empty());
  }

  /**
   * Memory of an open package, as measured when it was opened and tested.
   *
   * @param bytes in all
   * @param callBytes of them, taken by a call of the most rows of the package's own samples
   * @param elements of such a sample
   */
  public record Memory(long bytes, long callBytes, int elements) {}

  /** What a row costs, for planning. */
  public DeviceCost cost() {
    return new DeviceCost(profile.millisPerRow() * 1e6 / memory.elements());
  }

  /** Bytes of the open package. */
  public long bytes() {
    return memory.bytes();
  }

  /**
   * Bytes of the open package when calls have samples of this shape too, in proportion to their
   * elements.
   */
  public long bytesWith(Shape sample) {
    double larger = Math.max(0, (double) sample.size() / memory.elements() - 1);
    return memory.bytes() + (long) (larger * memory.callBytes());
  }
}
