package io.darkroom.engine;

import io.darkroom.diffusion.noise.BatchSlice;
import io.darkroom.diffusion.noise.NoiseSource;
import io.darkroom.diffusion.sampler.Trajectory;
import io.darkroom.model.ConditionPlan;
import io.darkroom.model.Shape;
import io.darkroom.plan.Stage;

/**
 * Makes the slot of one image: its noise, its condition, its first sample. The order of draws is
 * the reference pipelines': the noise that conditions add, then the start noise, then what the
 * sampler draws.
 */
final class SlotStarter {
  private SlotStarter() {}

  static Slot start(ActiveJob job, int image) {
    Stage stage = job.stage();
    Shape sample = job.sample();
    NoiseAhead noise = new NoiseAhead(noise(stage.parts().get(image).noise()), sample.size());
    ConditionPlan.Rows conditions = job.conditions(noise);
    Trajectory trajectory = new Trajectory(stage.sampler(), noise, sample.size());
    return new Slot(job, image, sample, new Slot.Course(trajectory, noise), conditions);
  }

  private static NoiseSource noise(Stage.NoiseKey key) {
    NoiseSource source = key.generator().source(key.seed());
    return key.slices() == 1 ? source : new BatchSlice(source, key.slices(), key.slice());
  }
}
