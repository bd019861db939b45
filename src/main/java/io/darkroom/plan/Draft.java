package io.darkroom.plan;

import io.darkroom.job.ImageRef;
import io.darkroom.job.RenderRequest;
import io.darkroom.job.StageRequest;
import io.darkroom.job.Violations;
import io.darkroom.model.DeviceCost;
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
   * Returns the pictures of which planning needs the headers. These are the pictures that the first
   * stage reads.
   */
  public List<Input> inputs() {
    Map<String, ImageRef> given = plan.effective().stage().references();
    return plan.first().pictures().stream().map(pointer -> input(given, pointer)).toList();
  }

  private Input input(Map<String, ImageRef> given, String pointer) {
    ImageRef ref = Objects.requireNonNull(given.get(pointer), pointer);
    return new Input(ref, pointer, mostPixels(pointer));
  }

  private long mostPixels(String pointer) {
    return pointer.equals(StageRequest.IMAGE) && plan.first().model().enlarges()
        ? costs.mostInputPixels(plan)
        : costs.mostPixels();
  }

  /**
   * A picture that a request gives.
   *
   * @param pointer its JSON pointer in the request
   * @param mostPixels maximum number of pixels, so that the result does not exceed the limits
   */
  public record Input(ImageRef ref, String pointer, long mostPixels) {}

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
    Stage stage = plan.first().withInputs(inputs);
    Violations misfits = new Violations();
    inputs.forEach(
        (pointer, input) ->
            stage
                .sizeViolation(pointer, input.size())
                .ifPresent(each -> misfits.add(each.pointer(), each.message())));
    RenderPlan whole = plan.withFirst(stage).withTiles();
    checkTiles(whole, misfits);
    OutputChoice.checkSides(whole.effective().output(), whole.last().result(), misfits);
    InvalidPlan.throwIfAny(misfits);
    List<DeviceCost> costsOfRows = List.of(measured);
    if (!stage.model().enlarges() || !inputs.containsKey(StageRequest.IMAGE)) {
      costs.check(whole, readingBytes, costsOfRows, "");
    } else {
      costs.checkResult(whole, StageRequest.IMAGE);
      costs.check(whole, readingBytes, costsOfRows, StageRequest.IMAGE);
    }
    return whole;
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
