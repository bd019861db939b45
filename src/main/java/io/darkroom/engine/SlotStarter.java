package io.darkroom.engine;

import io.darkroom.diffusion.noise.Cut;
import io.darkroom.diffusion.noise.CutNoise;
import io.darkroom.diffusion.noise.NoiseSource;
import io.darkroom.diffusion.sampler.DamagedState;
import io.darkroom.diffusion.sampler.Sampler;
import io.darkroom.diffusion.sampler.Trajectory;
import io.darkroom.job.Size;
import io.darkroom.model.ConditionPlan;
import io.darkroom.model.Shape;
import io.darkroom.plan.Stage;
import io.darkroom.plan.Tiling;
import org.jspecify.annotations.Nullable;

/**
 * Creates the slot of one image: its noise, its condition, its first sample. The order of draws is
 * that of the reference pipelines: the noise that conditions add, then that of the first sample, or
 * the other way round if a condition says so, then the noise of the sampler.
 */
final class SlotStarter {

  private SlotStarter() {}

  /**
   * Creates the slot of a part, at its beginning or from a stored state.
   *
   * @throws DamagedState if the state does not fit the stage
   */
  static Slot start(ActiveJob job, int part) throws DamagedState {
    Stage stage = job.stage();
    Shape sample = job.sample();
    NoiseSource image = job.parts().noise(stage.image(part).noise());
    NoiseAhead noise = new NoiseAhead(ofSample(image, stage, part), sample.size());
    NoiseSource ofPictures = stage.tiled() ? ofPictures(image, stage, part) : noise;
    boolean late = stage.conditions().stream().anyMatch(ConditionPlan::drawsAfterStart);
    ConditionPlan.@Nullable Rows early = late ? null : job.inputs().conditions(part, ofPictures);
    FirstSample first = FirstSample.of(job, part, noise);
    ConditionPlan.Rows conditions =
        early == null ? job.inputs().conditions(part, ofPictures) : early;
    Trajectory trajectory = trajectory(job, part, noise, first);
    return new Slot(job, part, sample, trajectory, noise, conditions, features(job, part));
  }

  /** Returns the noise of samples; a tile has its part of the noise of the whole sample. */
  private static NoiseSource ofSample(NoiseSource image, Stage stage, int part) {
    if (!stage.tiled()) {
      return image;
    }
    Shape whole = stage.model().sampleOf(stage.result());
    return new CutNoise(
        image, cut(stage, part, whole, stage.model().cellsPerPixel(), stage.sample()));
  }

  /**
   * Returns the noise that conditions add to the picture that is enlarged; a tile has its part of
   * it.
   */
  private static NoiseSource ofPictures(NoiseSource image, Stage stage, int part) {
    int channels = stage.model().sourceChannels();
    Shape whole = new Shape(channels, stage.base().height(), stage.base().width());
    Size tile = stage.tiling().size();
    return new CutNoise(
        image, cut(stage, part, whole, 1, new Shape(channels, tile.height(), tile.width())));
  }

  /**
   * Returns a part's rectangle of a draw.
   *
   * @param cells cells of the whole and the tile per pixel of the picture that is enlarged
   */
  private static Cut cut(Stage stage, int part, Shape whole, int cells, Shape own) {
    Tiling tiling = stage.tiling();
    int tile = part % tiling.count();
    return Cut.of(
        whole.channels(),
        whole.height(),
        whole.width(),
        tiling.top(tile) * cells,
        tiling.left(tile) * cells,
        own.height(),
        own.width());
  }

  /** Returns the deep features of a part that resumes, or room for those of one that starts. */
  private static DeepFeatures features(ActiveJob job, int part) {
    return job.job().resume(part) instanceof PartState.Sampling left
        ? left.features()
        : DeepFeatures.of(job.stage());
  }

  /** Creates the trajectory of a part, with the same draws whether it starts or resumes. */
  private static Trajectory trajectory(
      ActiveJob job, int part, NoiseSource noise, FirstSample first) throws DamagedState {
    Sampler sampler = job.stage().sampler();
    if (job.job().resume(part) instanceof PartState.Sampling left) {
      left.state().check(sampler, first.sample().length);
      return Trajectory.resume(sampler, left.state(), noise, first.known());
    }
    return Trajectory.begin(sampler, noise, first.sample(), first.known());
  }
}
