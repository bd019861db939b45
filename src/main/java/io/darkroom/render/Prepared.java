package io.darkroom.render;

import io.darkroom.engine.LoadedModel;
import io.darkroom.job.ErrorClass;
import io.darkroom.job.Fingerprint;
import io.darkroom.job.StageRequest;
import io.darkroom.job.Violation;
import io.darkroom.model.Shape;
import io.darkroom.plan.PlanDigest;
import io.darkroom.plan.RenderPlan;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A job that is ready for the engine.
 *
 * @param plan plan of the request
 * @param models models that render it, one per stage
 * @param inputs headers of its input pictures
 * @param prompting texts of each stage as token ids
 */
record Prepared(
    RenderPlan plan,
    List<LoadedModel> models,
    List<InputReader.Announced> inputs,
    List<Prompting> prompting) {

  Prepared {
    models = List.copyOf(models);
    inputs = List.copyOf(inputs);
    prompting = List.copyOf(prompting);
  }

  /**
   * Returns the job with width and height of these pictures swapped.
   *
   * @throws RenderFailure if one of them then has a size that the stage does not accept
   */
  Prepared swapSides(Set<String> pointers) throws RenderFailure {
    List<InputReader.Announced> others =
        inputs.stream().map(input -> turned(input, pointers)).toList();
    for (InputReader.Announced input : others) {
      Optional<Violation> misfit = plan.first().sizeViolation(input.pointer(), input.shape());
      if (misfit.isPresent()) {
        throw RenderFailure.failed(
            ErrorClass.INPUT, misfit.get().pointer() + ": " + misfit.get().message());
      }
    }
    RenderPlan other = pointers.contains(StageRequest.IMAGE) ? plan.swapSides() : plan;
    return new Prepared(other, models, others, prompting);
  }

  /** Returns the header, with swapped sides if it is a picture among these pointers. */
  private static InputReader.Announced turned(InputReader.Announced input, Set<String> pointers) {
    return pointers.contains(input.pointer()) && !input.array() ? input.swapSides() : input;
  }

  /**
   * Returns everything that the pixels depend on besides the request, per stage.
   *
   * @param workerVersion version of this program
   */
  List<Fingerprint> fingerprints(String workerVersion) {
    return IntStream.range(0, models.size())
        .mapToObj(stage -> fingerprint(stage, workerVersion))
        .toList();
  }

  /** Returns the fingerprint of one stage. */
  Fingerprint fingerprint(int stage, String workerVersion) {
    String generator = plan.effective().seeds().generator();
    return fingerprint(models.get(stage), generator, workerVersion)
        .withPlan(Optional.of(PlanDigest.of(plan.stages().get(stage))));
  }

  /** Returns the fingerprint of pictures of a model, without a plan. */
  static Fingerprint fingerprint(LoadedModel model, String generator, String workerVersion) {
    return new Fingerprint(
        Optional.empty(),
        model.card().sha256(),
        model.card().components(),
        model.card().schedulerSha256(),
        generator,
        model.device(),
        workerVersion);
  }

  /** Returns the shapes of the inputs after resizing for the first stage, by pointer. */
  Map<String, Shape> shapes() {
    Map<String, Shape> shapes = new HashMap<>();
    inputs.forEach(
        input -> shapes.put(input.pointer(), plan.first().resize(input.pointer(), input.shape())));
    return shapes;
  }

  /** Returns the bytes of the Java heap that are used while the input pictures are read. */
  long readingBytes() {
    return inputs.stream().mapToLong(InputReader.Announced::readingBytes).sum();
  }

  /** Returns the warnings for the manifest. */
  List<String> warnings() {
    Stream<String> texts = prompting.stream().flatMap(each -> each.warnings().stream());
    return Stream.concat(plan.warnings().stream(), texts).toList();
  }
}
