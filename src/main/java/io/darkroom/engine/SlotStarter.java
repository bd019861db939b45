package io.darkroom.engine;

import io.darkroom.diffusion.noise.BatchSlice;
import io.darkroom.diffusion.noise.NoiseSource;
import io.darkroom.diffusion.sampler.DamagedState;
import io.darkroom.diffusion.sampler.Sampler;
import io.darkroom.diffusion.sampler.Trajectory;
import io.darkroom.model.ConditionPlan;
import io.darkroom.model.Shape;
import io.darkroom.plan.Stage;
import org.jspecify.annotations.Nullable;

/**
 * Creates the slot of one image: its noise, its condition, its first sample. The order of draws is
 * that of the reference pipelines: the noise that conditions add, then that of the first sample, or
 * the other way round if a condition says so, then the noise of the sampler.
 */
final class SlotStarter {
  private SlotStarter() {}

  /**
   * Creates the slot of an image, at its beginning or from a stored state.
   *
   * @throws DamagedState if the state does not fit the stage
   */
  static Slot start(ActiveJob job, int image) throws DamagedState {
    Stage stage = job.stage();
    Shape sample = job.sample();
    NoiseAhead noise = new NoiseAhead(noise(stage.parts().get(image).noise()), sample.size());
    boolean late = stage.conditions().stream().anyMatch(ConditionPlan::drawsAfterStart);
    ConditionPlan.@Nullable Rows early = late ? null : job.conditions(noise);
    FirstSample first = FirstSample.of(job, noise);
    ConditionPlan.Rows conditions = early == null ? job.conditions(noise) : early;
    Trajectory trajectory = trajectory(job, image, noise, first);
    return new Slot(job, image, sample, trajectory, noise, conditions);
  }

  /** The state of another worker follows the same draws. */
  private static Trajectory trajectory(
      ActiveJob job, int image, NoiseSource noise, FirstSample first) throws DamagedState {
    Sampler sampler = job.stage().sampler();
    if (job.job().resume(image) instanceof PartState.Sampling part) {
      part.state().check(sampler, first.sample().length);
      return Trajectory.resume(sampler, part.state(), noise, first.known());
    }
    return Trajectory.begin(sampler, noise, first.sample(), first.known());
  }

  private static NoiseSource noise(Stage.NoiseKey key) {
    NoiseSource source = key.generator().source(key.seed());
    return key.slices() == 1 ? source : new BatchSlice(source, key.slices(), key.slice());
  }
}
