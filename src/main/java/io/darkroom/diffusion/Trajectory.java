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
    float scale = (float) sampler.initialScale();
    for (int i = 0; i < size; i++) {
      sample[i] *= scale;
    }
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
   * @param output {@code [C, H, W]}; overwritten
   */
  public void advance(float[] output) {
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

  /** Array {@code i} of the sampler's memory; zero at first. */
  public float[] memory(int i) {
    return memory[i];
  }

  /** The next draw of noise, in an array that the next call overwrites. */
  public float[] draw() {
    source.fill(scratch);
    return scratch;
  }
}
