package io.darkroom.diffusion.sampler;

import io.darkroom.diffusion.Level;
import io.darkroom.diffusion.noise.NoiseSource;
import java.nio.FloatBuffer;

/**
 * One image on its way from noise to picture: the only mutable state of a render's mathematics.
 * Owned by one thread at a time. Arrays have the sample's size {@code C * H * W} and are allocated
 * once.
 */
public final class Trajectory {
  private static final float[] NOTHING = {};

  private final Sampler sampler;
  private final NoiseSource source;
  private final float[] sample;
  private final float[][] memory;
  private final float[] scratch;
  private final float[] known;
  private final float[] mask;
  private int done;
  private int draws;
  private boolean left;

  private Trajectory(
      Sampler sampler, NoiseSource source, float[] sample, float[] known, float[] mask) {
    if (sampler.readsKnown() && known.length == 0) {
      throw new IllegalArgumentException("the sampler needs a known picture and its mask");
    }
    this.sampler = sampler;
    this.source = source;
    this.sample = sample;
    this.memory = new float[sampler.memory()][sample.length];
    this.scratch = new float[sample.length];
    this.known = known;
    this.mask = mask;
  }

  /** A trajectory that begins with pure noise: the first draw of {@code source}, scaled. */
  public Trajectory(Sampler sampler, NoiseSource source, int size) {
    this(sampler, source, new float[size], NOTHING, NOTHING);
    fillWithNoise();
  }

  /**
   * A trajectory that begins with a picture, noised by the first draw of {@code source} to the
   * level of the sampler's first evaluation (image-to-image; Meng et al. 2022, SDEdit).
   *
   * @param clean {@code [C, H, W]}, in the network's space; copied
   */
  public static Trajectory from(Sampler sampler, NoiseSource source, float[] clean) {
    Trajectory begun = new Trajectory(sampler, source, clean.clone(), NOTHING, NOTHING);
    Level first = sampler.level(0);
    Elements.combine(begun.sample, first.alpha(), first.sigma(), begun.draw());
    return begun;
  }

  /**
   * A trajectory that begins with pure noise and is held to a picture where that is known
   * (RePaint).
   *
   * @param known {@code [C, H, W]}, in the network's space; copied
   * @param mask 1 where the picture is known, 0 where it is not; {@code [C, H, W]} or, for all
   *     channels alike, {@code [H, W]}; copied
   */
  public static Trajectory around(
      Sampler sampler, NoiseSource source, float[] known, float[] mask) {
    float[] sample = new float[known.length];
    Trajectory begun = new Trajectory(sampler, source, sample, known.clone(), whole(known, mask));
    begun.fillWithNoise();
    return begun;
  }

  /** The mask for every element of the picture. */
  private static float[] whole(float[] known, float[] mask) {
    if (mask.length == 0 || known.length % mask.length != 0) {
      throw new IllegalArgumentException(
          "mask must be of the picture's size or a plane of it: "
              + mask.length
              + " of "
              + known.length);
    }
    float[] whole = new float[known.length];
    for (int i = 0; i < whole.length; i++) {
      whole[i] = mask[i % mask.length];
    }
    return whole;
  }

  /**
   * A trajectory that goes on where another one was, with the same bits.
   *
   * @param sampler the same as the other one's, as any process makes it from the same plan
   * @param source as the other one got it: it is wound on
   * @throws DamagedState where no render by this sampler can be in this state
   */
  public static Trajectory resume(Sampler sampler, TrajectoryState state, NoiseSource source)
      throws DamagedState {
    return resumed(
        new Trajectory(sampler, source, new float[state.size()], NOTHING, NOTHING), state);
  }

  /**
   * A trajectory {@link #around} a picture that goes on where another one was.
   *
   * @throws DamagedState where no render by this sampler of such a picture can be in this state
   */
  public static Trajectory resumeAround(
      Sampler sampler, TrajectoryState state, NoiseSource source, float[] known, float[] mask)
      throws DamagedState {
    if (known.length != state.size()) {
      throw new DamagedState(
          "elements of the sample must be " + known.length + ", is " + state.size());
    }
    float[] sample = new float[state.size()];
    return resumed(
        new Trajectory(sampler, source, sample, known.clone(), whole(known, mask)), state);
  }

  private static Trajectory resumed(Trajectory begun, TrajectoryState state) throws DamagedState {
    state.check(begun.sampler, begun.sample.length);
    state.restore(begun.sample, begun.memory);
    begun.source.skip(state.draws(), begun.sample.length);
    begun.done = state.done();
    begun.draws = state.draws();
    return begun;
  }

  /**
   * Where the trajectory is, with copies of its arrays; to be asked for between evaluations, not
   * between {@link #denoise} and {@link #accept}.
   */
  public TrajectoryState state() {
    return TrajectoryState.copyOf(done, draws, sample, memory);
  }

  /**
   * Where the trajectory is, without copies: its arrays become the state's, and it cannot be moved
   * any more.
   */
  public TrajectoryState leave() {
    left = true;
    return new TrajectoryState(done, draws, sample, memory);
  }

  private void fillWithNoise() {
    draws++;
    source.fill(sample);
    Elements.scale(sample, sampler.initialScale());
  }

  /** Whether the sample is the result. */
  public boolean finished() {
    return done == sampler.evaluations();
  }

  /** Evaluations done so far. */
  public int done() {
    return done;
  }

  /** Evaluations wanted in all. */
  public int wanted() {
    return sampler.evaluations();
  }

  /** The network's timestep at the next evaluation. */
  public double timestep() {
    return sampler.timestep(done);
  }

  /** Writes what the network sees at the next evaluation, {@code [C, H, W]}, at the position. */
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
   * Takes the network's (guided) answer to the next evaluation: {@link #denoise} and {@link
   * #accept} in one.
   *
   * @param output {@code [C, H, W]}, or {@code [2C, H, W]} of a network that gives its variance;
   *     overwritten
   * @throws IllegalArgumentException where the output is too short for the sampler
   */
  public void advance(float[] output) {
    denoise(output);
    accept(output);
  }

  /**
   * Turns the network's answer to the next evaluation into the estimate of the clean sample that it
   * amounts to, {@code [C, H, W]}, in place: what the picture would be if all noise were taken out
   * at once. To be done once for each answer, and then to be accepted.
   *
   * @throws IllegalArgumentException where the output is too short for the sampler
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
   * Moves the sample on by one evaluation.
   *
   * @param denoised what {@link #denoise} made of the answer; overwritten
   */
  public void accept(float[] denoised) {
    if (left) {
      throw new IllegalStateException("the trajectory has left: its state goes on elsewhere");
    }
    sampler.accept(this, done, denoised);
    done++;
  }

  /** The result once {@link #finished()}; not a copy. */
  public float[] result() {
    return sampler.result(this);
  }

  /** The sample itself, not a copy. */
  public float[] sample() {
    return sample;
  }

  /** Elements of the sample. */
  public int size() {
    return sample.length;
  }

  /** Array {@code i} of the sampler's memory; zero at first. */
  public float[] memory(int i) {
    return memory[i];
  }

  /** The known picture. */
  float[] known() {
    return known;
  }

  /** 1 where the picture is known, else 0. */
  float[] mask() {
    return mask;
  }

  /** An array for intermediate values; {@link #draw} overwrites it, too. */
  float[] spare() {
    return scratch;
  }

  /** How many arrays of memory there are. */
  int memories() {
    return memory.length;
  }

  /** The next draw of noise, in an array that the next call overwrites. */
  public float[] draw() {
    draws++;
    source.fill(scratch);
    return scratch;
  }
}
