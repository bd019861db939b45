package io.darkroom.plan;

import io.darkroom.job.ImageRef;
import io.darkroom.job.RenderRequest;
import io.darkroom.job.StageRequest;
import io.darkroom.job.Violations;
import io.darkroom.model.DeviceCost;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A request that is planned except for the facts that come from the headers of its inputs. */
public final class Draft {
  private final RenderPlan plan;
  private final Costs costs;

  Draft(RenderPlan plan, Costs costs) {
    this.plan = plan;
    this.costs = costs;
  }

  /**
   * Returns the pictures and tensors of which planning needs the headers. These are those that the
   * first stage reads.
   */
  public List<Input> inputs() {
    Map<String, ImageRef> given = plan.effective().stage().references();
    List<Input> inputs = new ArrayList<>();
    for (String pointer : plan.first().pictures()) {
      inputs.add(
          new Input(ref(given, pointer), pointer, mostPixels(pointer), false, form(pointer)));
    }
    for (String pointer : plan.first().arrays()) {
      inputs.add(
          new Input(
              ref(given, pointer), pointer, costs.limits().maxElements(), true, PictureForm.RGB));
    }
    return inputs;
  }

  /** Returns the form with the largest memory that the picture can have. */
  private PictureForm form(String pointer) {
    return plan.first().form(pointer, OutputChoice.restoresRange(plan));
  }

  private static ImageRef ref(Map<String, ImageRef> given, String pointer) {
    return Objects.requireNonNull(given.get(pointer), pointer);
  }

  private long mostPixels(String pointer) {
    return pointer.equals(StageRequest.IMAGE) && plan.first().model().enlarges()
        ? costs.mostInputPixels(plan)
        : costs.mostPixels();
  }

  /**
   * A picture or a tensor that a request gives.
   *
   * @param pointer its JSON pointer in the request
   * @param most maximum number of pixels, so that the result does not exceed the limits, or of
   *     elements of a tensor
   * @param array whether it is a tensor
   * @param form how a picture is read; with 16 bits also if that depends on the picture
   */
  public record Input(ImageRef ref, String pointer, long most, boolean array, PictureForm form) {}

  /**
   * Returns the complete plan.
   *
   * @param inputs facts of {@link #inputs}, by pointer
   * @param measured measured cost of each stage's package
   * @throws InvalidPlan if the render would exceed the limits of one request
   */
  public RenderPlan complete(Map<String, InputFacts> inputs, DeviceCost... measured)
      throws InvalidPlan {
    long readingBytes = inputs.values().stream().mapToLong(InputFacts::readingBytes).sum();
    Violations misfits = new Violations();
    Stage stage = plan.first().withInputs(inputs, misfits);
    InvalidPlan.throwIfAny(misfits);
    inputs.forEach(
        (pointer, input) ->
            stage
                .sizeViolation(pointer, input.shape())
                .ifPresent(each -> misfits.add(each.pointer(), each.message())));
    RenderPlan whole =
        OutputChoice.withBits(withGivenSides(stage, misfits).withFirst(stage).withTiles(), inputs);
    checkTiles(whole, misfits);
    OutputChoice.checkSides(whole.effective().output(), whole.last().result(), misfits);
    InvalidPlan.throwIfAny(misfits);
    List<DeviceCost> costsOfRows = List.of(measured);
    if (!stage.model().givenSides().isEmpty()) {
      costs.checkWork(whole.work(), "/inputs", misfits);
      InvalidPlan.throwIfAny(misfits);
    }
    if (!stage.model().enlarges() || !inputs.containsKey(StageRequest.IMAGE)) {
      costs.check(whole, readingBytes, costsOfRows, "");
    } else {
      costs.checkResult(whole, StageRequest.IMAGE);
      costs.check(whole, readingBytes, costsOfRows, StageRequest.IMAGE);
    }
    return whole;
  }

  /** Returns the plan whose request names the sizes that its tensors determine. */
  private RenderPlan withGivenSides(Stage first, Violations violations) {
    if (first.model().givenSides().isEmpty()) {
      return plan;
    }
    RenderRequest request = plan.effective();
    SizeChoice.checkGiven(request.stage(), first.model(), first.base(), costs.limits(), violations);
    return plan.withEffective(
        request.withStage(SizeChoice.fillDefaults(request.stage(), first.base(), first.model())));
  }

  private static void checkTiles(RenderPlan plan, Violations violations) {
    for (int i = 0; i < plan.stages().size(); i++) {
      Stage stage = plan.stages().get(i);
      int tiles = stage.tiling().count();
      violations.check(
          tiles <= Tiling.MOST,
          RenderRequest.pointer(i) + "/tile",
          () -> "must give at most %d tiles, gives %d".formatted(Tiling.MOST, tiles));
      long noise = stage.tileNoise();
      violations.check(
          noise <= Tiling.MOST_NOISE,
          RenderRequest.pointer(i) + "/tile",
          () ->
              "must need at most %d random numbers for all tiles, needs %d"
                  .formatted(Tiling.MOST_NOISE, noise));
    }
  }
}
