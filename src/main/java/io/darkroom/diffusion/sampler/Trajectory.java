package io.darkroom.diffusion.sampler;

import io.darkroom.diffusion.Level;
import io.darkroom.diffusion.noise.NoiseSource;
import java.nio.FloatBuffer;

/**
 * The denoising state of one image; the only mutable state of a render's mathematics. Owned by one
 * thread at a time. Arrays have the sample's size {@code C * H * W} and are allocated once.
 */
public final class Trajectory {
  private final Sampler sampler;
  private final NoiseSource source;
  private final float[] sample;
  private final float[][] memory;
  private final float[] scratch;
  private final Known known;
  private int done;
  private int draws;
  private boolean left;

  private Trajectory(Sampler sampler, NoiseSource source, float[] sample, Known known) {
    if (sampler.readsKnown() && known.isNothing()) {
      throw new IllegalArgumentException("the sampler needs a known image and its mask");
    }
    this.sampler = sampler;
    this.source = source;
    this.sample = sample;
    this.memory = new float[sampler.memory()][sample.length];
    this.scratch = new float[sample.length];
    this.known = known;
  }

  /** Creates a trajectory that starts with pure noise: the first draw of {@code source}, scaled. */
  public Trajectory(Sampler sampler, NoiseSource source, int size) {
    this(sampler, source, fromNoise(sampler, drawn(source, size)), Known.NOTHING);
    draws = 1;
  }

  /**
   * Returns a trajectory that starts with a picture to which the first draw of {@code source} is
   * added at the level of the sampler's first evaluation (image-to-image; Meng et al. 2022,
   * SDEdit).
   *
   * @param clean {@code [C, H, W]}, in the network's space; copied
   */
  public static Trajectory from(Sampler sampler, NoiseSource source, float[] clean) {
    float[] first = fromPicture(sampler, clean, drawn(source, clean.length));
    return begin(sampler, source, first, Known.NOTHING);
  }

  /**
   * Returns a trajectory that starts with pure noise and takes the known part from a picture
   * (RePaint).
   *
   * @param known {@code [C, H, W]}, in the network's space; copied
   * @param mask 1 where the picture is known, else 0; {@code [C, H, W]} or, for all channels alike,
   *     {@code [H, W]}; copied
   */
  public static Trajectory around(
      Sampler sampler, NoiseSource source, float[] known, float[] mask) {
    float[] first = fromNoise(sampler, drawn(source, known.length));
    return begin(sampler, source, first, Known.bySampler(known, mask));
  }

  /**
   * Returns a trajectory that starts with a given sample.
   *
   * @param source positioned after the one draw of the sample
   * @param first made by {@link #fromNoise} or {@link #fromPicture}; owned by the trajectory from
   *     now on
   * @param known the known part of the picture
   */
  public static Trajectory begin(Sampler sampler, NoiseSource source, float[] first, Known known) {
    Trajectory begun = new Trajectory(sampler, source, first, known);
    begun.draws = 1;
    return begun;
  }

  /** Returns the first sample of pure noise, written over {@code noise}. */
  public static float[] fromNoise(Sampler sampler, float[] noise) {
    Elements.scale(noise, sampler.initialScale());
    return noise;
  }

  /** Returns the first sample of a picture with noise, in a new array. */
  public static float[] fromPicture(Sampler sampler, float[] clean, float[] noise) {
    float[] first = clean.clone();
    Level level = sampler.level(0);
    Elements.combine(first, level.alpha(), level.sigma(), noise);
    return first;
  }

  private static float[] drawn(NoiseSource source, int size) {
    float[] noise = new float[size];
    source.fill(noise);
    return noise;
  }

  /**
   * Returns a trajectory that continues from a state with the same bits.
   *
   * @param sampler equal to the sampler of the state, made from the same plan
   * @param source in its initial state; it is advanced by the draws of the state
   * @throws DamagedState if no render by this sampler can be in this state
   */
  public static Trajectory resume(Sampler sampler, TrajectoryState state, NoiseSource source)
      throws DamagedState {
    return resumeFresh(sampler, state, source, Known.NOTHING);
  }

  /**
   * Returns a trajectory {@link #around} a picture that continues from a state.
   *
   * @throws DamagedState if no render by this sampler of such a picture can be in this state
   */
  public static Trajectory resumeAround(
      Sampler sampler, TrajectoryState state, NoiseSource source, float[] known, float[] mask)
      throws DamagedState {
    if (known.length != state.size()) {
      throw new DamagedState(
          "elements of the sample must be " + known.length + ", is " + state.size());
    }
    return resumeFresh(sampler, state, source, Known.bySampler(known, mask));
  }

  private static Trajectory resumeFresh(
      Sampler sampler, TrajectoryState state, NoiseSource source, Known known) throws DamagedState {
    state.check(sampler, state.size());
    source.skip(1, state.size());
    return resume(sampler, state, source, known);
  }

  /**
   * Returns a trajectory that continues from a state of one made by {@link #begin}.
   *
   * @param source positioned after the draw of the first sample; it is advanced by the draws of the
   *     state
   * @param known the known part of the picture
   * @throws DamagedState if no render by this sampler can be in this state
   */
  public static Trajectory resume(
      Sampler sampler, TrajectoryState state, NoiseSource source, Known known) throws DamagedState {
    state.check(sampler, state.size());
    Trajectory begun = new Trajectory(sampler, source, new float[state.size()], known);
    state.restore(begun.sample, begun.memory);
    source.skip(state.draws() - 1, state.size());
    begun.done = state.done();
    begun.draws = state.draws();
    return begun;
  }

  /**
   * Returns the state with copies of its arrays. Call it between evaluations, not between {@link
   * #denoise} and {@link #accept}.
   */
  public TrajectoryState state() {
    return TrajectoryState.copyOf(done, draws, sample, memory);
  }

  /** Returns the state without copying its arrays. The trajectory cannot be moved afterwards. */
  public TrajectoryState detach() {
    left = true;
    return new TrajectoryState(done, draws, sample, memory);
  }

  /** Returns whether the sample is the result. */
  public boolean finished() {
    return done == sampler.evaluations();
  }

  /** Returns the number of finished evaluations. */
  public int done() {
    return done;
  }

  /** Returns the total number of evaluations. */
  public int wanted() {
    return sampler.evaluations();
  }

  /** Returns the network's timestep at the next evaluation. */
  public double timestep() {
    return sampler.timestep(done);
  }

  /**
   * Writes the network's input of the next evaluation, {@code [C, H, W]}, at the buffer's position.
   */
  public void writeInput(FloatBuffer out) {
    float scale = (float) sampler.inputScale(done);
    if (scale == 1) {
      out.put(sample);
      return;
    }
    for (int i = 0; i < sample.length; i++) {
      scratch[i] = scale * sample[i];
    }
    out.put(scratch);
  }

  /**
   * Applies the network's (guided) output of the next evaluation: {@link #denoise}, then {@link
   * #accept}.
   *
   * @param output {@code [C, H, W]}, or {@code [2C, H, W]} if the network also outputs a variance;
   *     overwritten
   * @throws IllegalArgumentException if the output is too short for the sampler
   */
  public void advance(float[] output) {
    denoise(output);
    accept(output);
  }

  /**
   * Converts the network's output of the next evaluation to the estimate of the clean sample,
   * {@code [C, H, W]}, in place. Call it once per output, followed by {@link #accept}.
   *
   * @throws IllegalArgumentException if the output is too short for the sampler
   */
  public void denoise(float[] output) {
    int least = sampler.readsVariance() ? 2 * sample.length : sample.length;
    if (output.length < least) {
      throw new IllegalArgumentException(
          "output must have " + least + " elements, has " + output.length);
    }
    float ofSample = (float) sampler.sampleFactor(done);
    float ofOutput = (float) sampler.outputFactor(done);
    for (int i = 0; i < sample.length; i++) {
      output[i] = ofSample * sample[i] + ofOutput * output[i];
    }
  }

  /**
   * Moves the sample by one evaluation.
   *
   * @param denoised result of {@link #denoise}; overwritten
   */
  public void accept(float[] denoised) {
    if (left) {
      throw new IllegalStateException(
          "the trajectory is detached: another one continues with its state");
    }
    sampler.accept(this, done, denoised);
    done++;
    known.putBack(
        finished() ? result() : sample, finished() ? sampler.lastLevel() : sampler.level(done));
  }

  /** Returns the result after {@link #finished()} returns true; not a copy. */
  public float[] result() {
    return sampler.result(this);
  }

  /** Returns the sample, not a copy. */
  public float[] sample() {
    return sample;
  }

  /** Returns the number of elements of the sample. */
  public int size() {
    return sample.length;
  }

  /** Returns array {@code i} of the sampler's memory, initially zero; not a copy. */
  public float[] memory(int i) {
    return memory[i];
  }

  /** Returns the known picture. */
  float[] known() {
    return known.picture();
  }

  /** Returns the mask: 1 where the picture is known, else 0. */
  float[] mask() {
    return known.mask();
  }

  /** Returns an array for intermediate values, which {@link #draw} also overwrites. */
  float[] spare() {
    return scratch;
  }

  /** Returns the number of memory arrays. */
  int memories() {
    return memory.length;
  }

  /** Returns the next draw of noise, in an array that the next call overwrites. */
  public float[] draw() {
    draws++;
    source.fill(scratch);
    return scratch;
  }
}
