package io.darkroom.engine;

import io.darkroom.diffusion.noise.BatchSlice;
import io.darkroom.diffusion.noise.NoiseSource;
import io.darkroom.diffusion.sampler.DamagedState;
import io.darkroom.diffusion.sampler.Sampler;
import io.darkroom.diffusion.sampler.Trajectory;
import io.darkroom.model.ConditionPlan;
import io.darkroom.model.Shape;
import io.darkroom.plan.Stage;

/**
 * Creates the slot of one image: its noise, its condition, its first sample. The order of draws is
 * that of the reference pipelines: the noise that conditions add, the start noise, the noise of the
 * sampler.
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
    ConditionPlan.Rows conditions = job.conditions(noise);
    Trajectory trajectory = trajectory(job, image, noise, sample);
    return new Slot(job, image, sample, trajectory, noise, conditions);
  }

  private static Trajectory trajectory(ActiveJob job, int image, NoiseSource noise, Shape sample)
      throws DamagedState {
    Sampler sampler = job.stage().sampler();
    if (job.job().resume(image) instanceof PartState.Sampling part) {
      part.state().check(sampler, sample.size());
      return Trajectory.resume(sampler, part.state(), noise);
    }
    return new Trajectory(sampler, noise, sample.size());
  }

  private static NoiseSource noise(Stage.NoiseKey key) {
    NoiseSource source = key.generator().source(key.seed());
    return key.slices() == 1 ? source : new BatchSlice(source, key.slices(), key.slice());
  }
}
