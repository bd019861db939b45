package io.darkroom.engine;

import io.darkroom.diffusion.noise.NoiseSource;
import io.darkroom.model.ConditionPlan;
import io.darkroom.model.Conditions;
import io.darkroom.model.EncodedText;
import io.darkroom.model.Layout;
import io.darkroom.model.Shape;
import io.darkroom.model.Tensor;
import io.darkroom.plan.Stage;
import io.darkroom.plan.Tiling;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The inputs of a job: its pictures and texts, their encoded forms, and the conditions that are
 * computed from them. Engine thread only.
 */
final class JobInputs {
  private final Stage stage;
  private final Shape sample;
  private final Optional<StageInputs> given;
  private final boolean hasTexts;
  private @Nullable Map<ConditionPlan.Text, EncodedText> texts;
  private @Nullable List<List<Tensor>> encoded;
  private ConditionPlan.@Nullable Rows conditions;

  JobInputs(StageJob job) {
    this.stage = job.stage();
    this.sample = stage.sample();
    this.given = job.inputs();
    this.hasTexts = !job.texts().isEmpty();
  }

  /** Returns whether the pictures must still be read. */
  boolean needsPictures() {
    return given.isPresent() && !given.get().isRead();
  }

  /** Allows the reading of the pictures, or notifies their reader that the job has ended. */
  void giveRoom() {
    given.ifPresent(inputs -> inputs.room().complete(null));
  }

  /** Takes the encoded texts. */
  void setEncodedTexts(Map<ConditionPlan.Text, EncodedText> encodedTexts) {
    texts = encodedTexts;
  }

  /** Returns whether the texts must still be encoded. */
  boolean needsTexts() {
    return hasTexts && texts == null;
  }

  /**
   * Takes the encoded pictures, {@code [2C, H, W]} for each of {@link Stage#encodings}, of each of
   * {@link #pictures}.
   */
  void setEncodedPictures(List<List<Tensor>> distributions) {
    encoded = distributions;
  }

  /** Returns whether the pictures must still be encoded. */
  boolean needsEncodings() {
    return encoded == null && !stage.encodings().isEmpty();
  }

  /**
   * Returns the mean and standard deviation of the latents of the encoded pictures of a part's
   * image.
   */
  List<Tensor> encoded(int part) {
    List<List<Tensor>> all = Objects.requireNonNullElse(encoded, List.of());
    int image = stage.image(part).index();
    return all.isEmpty() ? List.of() : all.get(Math.min(image, all.size() - 1));
  }

  /**
   * Returns the input pictures by pointer, resized for the stage: of each image, or one for all.
   */
  List<Map<String, Tensor>> pictures() {
    return given.map(StageInputs::pictures).orElse(List.of(Map.of()));
  }

  /**
   * Returns the pictures that a part reads, by pointer: those of its image, or a tile's part of
   * them.
   */
  Map<String, Tensor> pictures(int part) {
    List<Map<String, Tensor>> all = pictures();
    Map<String, Tensor> whole = all.get(Math.min(stage.image(part).index(), all.size() - 1));
    Tiling tiling = stage.tiling();
    if (tiling.count() == 1) {
      return whole;
    }
    Map<String, Tensor> tile = new HashMap<>(whole);
    List<String> arrays = stage.arrays();
    tile.replaceAll(
        (pointer, picture) ->
            arrays.contains(pointer) ? picture : tiling.cut(picture, part % tiling.count()));
    return tile;
  }

  /** Returns the conditions of the rows of a part; shared if the parts do not differ. */
  ConditionPlan.Rows conditions(int part, NoiseSource noise) {
    List<ConditionPlan> plans = stage.conditions();
    ConditionPlan.Rows rows = conditions;
    boolean perPart =
        pictures().size() > 1 || stage.tiled() || plans.stream().anyMatch(ConditionPlan::perImage);
    if (rows == null || perPart) {
      rows = Conditions.tensors(plans, inputs(part, noise));
      conditions = perPart ? null : rows;
    }
    return rows;
  }

  /** Returns the mask of a part's result; empty if it has none, as tiles. */
  Optional<float[]> mask(int part) {
    if (stage.tiled()) {
      return Optional.empty();
    }
    Map<String, Tensor> tensors = pictures(part);
    int image = stage.image(part).index();
    Layout layout = stage.model().network().layout();
    return stage.conditions().stream()
        .flatMap(plan -> plan.mask(image, tensors, layout).stream())
        .findFirst();
  }

  private ConditionPlan.Inputs inputs(int part, NoiseSource noise) {
    return new ConditionPlan.Inputs(
        stage.result(),
        sample,
        stage.image(part).index(),
        noise,
        pictures(part),
        Objects.requireNonNullElse(texts, Map.of()),
        ofConditions(encoded(part)));
  }

  /** Returns the encoded pictures of the conditions, which come after those of the start. */
  private List<Tensor> ofConditions(List<Tensor> all) {
    int count = stage.conditions().stream().mapToInt(each -> each.encodings().size()).sum();
    return all.subList(all.size() - Math.min(count, all.size()), all.size());
  }
}
