package io.darkroom.model;

import java.util.Map;
import java.util.Optional;

/**
 * Measurements and test results of a package, made when it was loaded.
 *
 * @param answers SHA-256 of its networks' outputs for fixed inputs, by component
 * @param answersKnown whether known answers existed and are equal to these
 * @param memory its memory
 * @param profile device time of its rows
 * @param colors colours of its latent space, if they are known
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

  /** Creates findings of a package without a latent space. */
  public Findings(
      Map<String, String> answers, boolean answersKnown, Memory memory, Profile profile) {
    this(answers, answersKnown, memory, profile, Optional.empty());
  }

  /**
   * Memory of an open package, as measured when it was opened and tested.
   *
   * @param bytes total bytes
   * @param callBytes part of them that a call with the maximum rows of the package's default
   *     samples uses
   * @param elements elements of such a sample
   */
  public record Memory(long bytes, long callBytes, int elements) {}

  /** Returns the device time of a row, for planning. */
  public DeviceCost cost() {
    return new DeviceCost(profile.millisPerRow() * 1e6 / memory.elements());
  }

  /** Returns the bytes of the open package. */
  public long bytes() {
    return memory.bytes();
  }

  /**
   * Returns the bytes of the open package if calls also have samples of this shape, proportional to
   * their elements.
   */
  public long bytesWith(Shape sample) {
    double larger = Math.max(0, (double) sample.size() / memory.elements() - 1);
    return memory.bytes() + (long) (larger * memory.callBytes());
  }
}
