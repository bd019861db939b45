package io.darkroom.diffusion;

import java.nio.FloatBuffer;

/**
 * One image on its way from noise to picture: the only mutable state of a render's mathematics.
 * Owned by one thread at a time. Arrays have the sample's size {@code C * H * W} and are allocated
 * once.
 */
public final class Trajectory {
  private final Sampler sampler;
  private final NoiseSource source;
  private final float[] sample;
  private final float[][] memory;
  private final float[] scratch;
  private int done;

  /** A trajectory that begins with pure noise: the first draw of {@code source}, scaled. */
  public Trajectory(Sampler sampler, NoiseSource source, int size) {
    this.sampler = sampler;
    this.source = source;
    this.sample = new float[size];
    this.memory = new float[sampler.memory()][size];
    this.scratch = new float[size];
    source.fill(sample);
    Elements.scale(sample, sampler.initialScale());
  }

  /** A trajectory that begins with a picture, noised to the sampler's first level. */
  private Trajectory(Sampler sampler, NoiseSource source, float[] clean) {
    this.sampler = sampler;
    this.source = source;
    this.sample = clean.clone();
    this.memory = new float[sampler.memory()][clean.length];
    this.scratch = new float[clean.length];
    Level first = sampler.level(0);
    Elements.combine(sample, first.alpha(), first.sigma(), draw());
  }

  /**
   * A trajectory that begins with a picture, noised by the first draw of {@code source} to the
   * level of the sampler's first evaluation (image-to-image; Meng et al. 2022, SDEdit).
   *
   * @param clean {@code [C, H, W]}, in the network's space; copied
   */
  public static Trajectory from(Sampler sampler, NoiseSource source, float[] clean) {
    return new Trajectory(sampler, source, clean);
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

  /** What the network is told at the next evaluation. */
  public double timestep() {
    return sampler.timestep(done);
  }

  /** Writes what the network sees at the next evaluation, {@code [C, H, W]}, at the position. */
  public void writeInput(FloatBuffer out) {
    float scale = (float) sampler.prediction().inputScale(sampler.level(done));
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
   * Takes the network's (guided) answer to the next evaluation.
   *
   * @param output {@code [C, H, W]}, or {@code [2C, H, W]} of a network that gives its variance;
   *     overwritten
   * @throws IllegalArgumentException where the output is too short for the sampler
   */
  public void advance(float[] output) {
    int least = sampler.readsVariance() ? 2 * sample.length : sample.length;
    if (output.length < least) {
      throw new IllegalArgumentException(
          "output must have " + least + " elements, has " + output.length);
    }
    Level level = sampler.level(done);
    float ofSample = (float) sampler.prediction().sampleFactor(level);
    float ofOutput = (float) sampler.prediction().outputFactor(level);
    for (int i = 0; i < sample.length; i++) {
      output[i] = ofSample * sample[i] + ofOutput * output[i];
    }
    sampler.accept(this, done, output);
    done++;
  }

  /** The sample itself, not a copy. The result once {@link #finished()}. */
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

  /** How many arrays of memory there are. */
  int memories() {
    return memory.length;
  }

  /** The next draw of noise, in an array that the next call overwrites. */
  public float[] draw() {
    source.fill(scratch);
    return scratch;
  }
}
