package io.darkroom.engine;

import io.darkroom.diffusion.noise.BatchSlice;
import io.darkroom.diffusion.noise.NoiseSource;
import io.darkroom.diffusion.sampler.Trajectory;
import io.darkroom.image.Bilinear;
import io.darkroom.plan.Condition;
import io.darkroom.plan.ModelCard;
import io.darkroom.plan.Shape;
import io.darkroom.plan.Stage;
import java.util.Map;

/**
 * Makes the slot of one image: its noise, its condition, its first sample. The order of draws is
 * the reference pipelines': noise for the small picture first (where its level is above 0), then
 * the start noise, then whatever the sampler draws.
 */
final class SlotStarter {
  private static final float[] NO_CHANNELS = {};

  private SlotStarter() {}

  static Slot start(ActiveJob job, int image) {
    Stage stage = job.stage();
    Shape sample = job.sample();
    NoiseAhead noise = new NoiseAhead(noise(stage.images().get(image).noise()), sample.size());
    Slot.Conditions conditions = conditions(job, noise, sample);
    Trajectory trajectory = new Trajectory(stage.sampler(), noise, sample.size());
    return new Slot(job, image, sample, new Slot.Course(trajectory, noise), conditions);
  }

  private static NoiseSource noise(Stage.NoiseKey key) {
    NoiseSource source = key.generator().source(key.seed());
    return key.slices() == 1 ? source : new BatchSlice(source, key.slices(), key.slice());
  }

  private static Slot.Conditions conditions(ActiveJob job, NoiseSource noise, Shape sample) {
    Condition condition = job.stage().condition();
    if (condition instanceof Condition.Label label) {
      return new Slot.Conditions(
          label(label.label()), label(label.nullLabel().orElse(label.label())));
    }
    if (condition instanceof Condition.Text) {
      ActiveJob.Embeddings encoded = job.embeddings().orElseThrow();
      return new Slot.Conditions(encoded.prompt(), encoded.negativePrompt());
    }
    if (condition instanceof Condition.LowResolution low) {
      Conditioning enlarged = enlarged(job, low.noiseLevel(), noise, sample);
      return new Slot.Conditions(enlarged, enlarged);
    }
    return new Slot.Conditions(Conditioning.NONE, Conditioning.NONE);
  }

  private static Conditioning label(long index) {
    return new Conditioning(Map.of("class_labels", index), Map.of(), NO_CHANNELS);
  }

  private static Conditioning enlarged(
      ActiveJob job, int noiseLevel, NoiseSource noise, Shape sample) {
    Tensor small = job.job().source().orElseThrow().picture();
    ModelCard.Layout.SuperResolution layout =
        (ModelCard.Layout.SuperResolution) job.stage().model().layout();
    float[] noised = small.values();
    if (noiseLevel > 0) {
      noised = noised(small, (float) (noiseLevel * layout.noiseLevelStd()), noise);
    }
    Shape shape = small.shape();
    int scale = layout.scale();
    float[] large =
        Bilinear.enlarge(noised, shape.channels(), shape.height(), shape.width(), scale);
    Shape enlarged = new Shape(shape.channels(), shape.height() * scale, shape.width() * scale);
    float[] channels = Padding.extend(large, enlarged, sample.height(), sample.width());
    return new Conditioning(Map.of("class_labels", (long) noiseLevel), Map.of(), channels);
  }

  private static float[] noised(Tensor small, float deviation, NoiseSource noise) {
    float[] noised = new float[small.values().length];
    noise.fill(noised);
    for (int i = 0; i < noised.length; i++) {
      noised[i] = small.values()[i] + deviation * noised[i];
    }
    return noised;
  }
}
