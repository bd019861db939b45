package io.darkroom.plan;

import io.darkroom.image.Medium;
import io.darkroom.job.RenderRequest;
import io.darkroom.job.Source;
import io.darkroom.job.StageRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * The complete plan of a render: all sizes, samplers, seeds and parts. It is made before the render
 * starts.
 *
 * @param effective the request with all defaults
 * @param stages the stages in order; each except the first starts from the results of the previous
 *     one
 * @param warnings warnings for the publisher
 */
public record RenderPlan(RenderRequest effective, List<Stage> stages, List<String> warnings) {

  public RenderPlan {
    stages = List.copyOf(stages);
    warnings = List.copyOf(warnings);
  }

  /** Returns the stage that reads the inputs of the request. */
  public Stage first() {
    return stages.get(0);
  }

  /** Returns the stage whose results are those of the request. */
  public Stage last() {
    return stages.get(stages.size() - 1);
  }

  /** Returns the stages after a stage. */
  public List<Stage> following(int stage) {
    return stages.subList(stage + 1, stages.size());
  }

  /**
   * Returns whether the samples of a stage are decoded to pictures: not if the next stage takes the
   * samples and the request does not keep the pictures.
   *
   * @param stage from 0
   */
  public boolean decodes(int stage) {
    List<Stage> later = following(stage);
    return later.isEmpty()
        || effective.output().keepIntermediate()
        || later.get(0).start().from() != Start.From.LATENTS;
  }

  /**
   * Returns whether results have 16 bits in the range of the picture that they enlarge, though the
   * model makes pictures.
   */
  private boolean restoresRange() {
    return last().model().medium().is(Medium.Kind.PICTURE)
        && effective.output().bits().equals(OptionalInt.of(Short.SIZE));
  }

  /** Returns the medium of the files of a stage's results. */
  public Medium medium(Stage stage) {
    return restoresRange() ? Medium.uint16(2) : stage.model().medium();
  }

  /** Returns how a picture of the request is read. */
  public PictureForm form(String pointer) {
    return first().form(pointer, restoresRange());
  }

  /** Returns the total steps of all schedules. */
  public int steps() {
    return steps(stages.size());
  }

  /** Returns the total steps of the first {@code ofStages} stages. */
  public int steps(int ofStages) {
    return stages.stream().limit(ofStages).mapToInt(Stage::steps).sum();
  }

  /** Returns the rows of the networks times the pixels of their results, of all stages. */
  long work() {
    return stages.stream().mapToLong(Stage::work).sum();
  }

  /** Returns the evaluations of all stages and images. */
  public int evaluations() {
    return evaluations(stages.size());
  }

  /** Returns the evaluations of the first {@code ofStages} stages, of all images. */
  public int evaluations(int ofStages) {
    return stages.stream().limit(ofStages).mapToInt(Stage::evaluations).sum();
  }

  /**
   * Returns the name of a stage for messages: empty if there is only one, else for example {@code
   * stage 2 of 3 (emoji-sr4): }.
   *
   * @param stage index of the stage, from 0
   */
  public String named(int stage) {
    return stages.size() == 1
        ? ""
        : "stage %d of %d (%s): "
            .formatted(stage + 1, stages.size(), stages.get(stage).model().name());
  }

  /** Returns a copy with another form of the request. */
  public RenderPlan withEffective(RenderRequest other) {
    return new RenderPlan(other, stages, warnings);
  }

  /** Returns a copy whose request names the tiles that the sizes of pictures determined. */
  RenderPlan withTiles() {
    List<StageRequest> named = new ArrayList<>();
    for (StageRequest stage : effective.stages()) {
      Stage planned = stages.get(named.size());
      Source source = stage.source();
      named.add(
          planned.tiled() ? stage.withSource(source.withTile(planned.tiling().tile())) : stage);
    }
    return withEffective(effective.withStages(named));
  }

  /** Returns the plan for a picture whose width and height are exchanged. */
  public RenderPlan swapSides() {
    return withFirst(first().swapSides());
  }

  /** Returns a copy with another first stage; the others start from its results. */
  RenderPlan withFirst(Stage first) {
    List<Stage> others = new ArrayList<>(List.of(first));
    for (Stage stage : stages.subList(1, stages.size())) {
      others.add(stage.startFrom(others.get(others.size() - 1)));
    }
    return new RenderPlan(effective, others, warnings);
  }
}
