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
  private static final Level CLEAN = new Level(1, 0);

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
      throw new IllegalArgumentException("the sampler needs a known picture and its mask");
    }
    this.sampler = sampler;
    this.source = source;
    this.sample = sample;
    this.memory = new float[sampler.memory()][sample.length];
    this.scratch = new float[sample.length];
    this.known = known;
  }

  /** A trajectory that begins with pure noise: the first draw of {@code source}, scaled. */
  public Trajectory(Sampler sampler, NoiseSource source, int size) {
    this(sampler, source, fromNoise(sampler, drawn(source, size)), Known.NOTHING);
    draws = 1;
  }

  /**
   * A trajectory that begins with a picture, noised by the first draw of {@code source} to the
   * level of the sampler's first evaluation (image-to-image; Meng et al. 2022, SDEdit).
   *
   * @param clean {@code [C, H, W]}, in the network's space; copied
   */
  public static Trajectory from(Sampler sampler, NoiseSource source, float[] clean) {
    float[] first = fromPicture(sampler, clean, drawn(source, clean.length));
    return begin(sampler, source, first, Known.NOTHING);
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
    float[] first = fromNoise(sampler, drawn(source, known.length));
    return begin(sampler, source, first, Known.bySampler(known, mask));
  }

  /**
   * A trajectory that begins with a given sample.
   *
   * @param source behind the one draw that the sample was made with
   * @param first made by {@link #fromNoise} or {@link #fromPicture}; the trajectory's from now on
   * @param known what it is held to
   */
  public static Trajectory begin(Sampler sampler, NoiseSource source, float[] first, Known known) {
    Trajectory begun = new Trajectory(sampler, source, first, known);
    begun.draws = 1;
    return begun;
  }

  /** The first sample that is noise alone, written over the noise. */
  public static float[] fromNoise(Sampler sampler, float[] noise) {
    Elements.scale(noise, sampler.initialScale());
    return noise;
  }

  /** The first sample that is a picture with noise, in a new array. */
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
   * A trajectory that goes on where another one was, with the same bits.
   *
   * @param sampler the same as the other one's, as any process makes it from the same plan
   * @param source as the other one got it: it is wound on
   * @throws DamagedState where no render by this sampler can be in this state
   */
  public static Trajectory resume(Sampler sampler, TrajectoryState state, NoiseSource source)
      throws DamagedState {
    return resumeFresh(sampler, state, source, Known.NOTHING);
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
    return resumeFresh(sampler, state, source, Known.bySampler(known, mask));
  }

  private static Trajectory resumeFresh(
      Sampler sampler, TrajectoryState state, NoiseSource source, Known known) throws DamagedState {
    state.check(sampler, state.size());
    source.skip(1, state.size());
    return resume(sampler, state, source, known);
  }

  /**
   * A trajectory that goes on where one was that {@link #begin begun} in the same way.
   *
   * @param source behind the draw of the first sample: it is wound on
   * @param known what it is held to
   * @throws DamagedState where no render by this sampler can be in this state
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
    known.putBack(finished() ? result() : sample, finished() ? CLEAN : sampler.level(done));
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
    return known.picture();
  }

  /** 1 where the picture is known, else 0. */
  float[] mask() {
    return known.mask();
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
