package io.darkroom.render;

import io.darkroom.engine.LoadedModel;
import io.darkroom.engine.StageInputs;
import io.darkroom.job.ErrorClass;
import io.darkroom.job.Fingerprint;
import io.darkroom.job.Size;
import io.darkroom.job.StageRequest;
import io.darkroom.job.Violation;
import io.darkroom.plan.RenderPlan;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A job that is ready for the engine.
 *
 * @param plan plan of the request
 * @param model model that renders it
 * @param inputs headers of its input pictures
 * @param prompting texts of the request as token ids
 */
record Prepared(
    RenderPlan plan, LoadedModel model, List<InputReader.Announced> inputs, Prompting prompting) {

  Prepared {
    inputs = List.copyOf(inputs);
  }

  /**
   * The same job with width and height of these pictures exchanged.
   *
   * @throws RenderFailure if one of them does not have the size that it must have
   */
  Prepared turned(Set<String> pointers) throws RenderFailure {
    List<InputReader.Announced> others =
        inputs.stream()
            .map(input -> pointers.contains(input.pointer()) ? input.turned() : input)
            .toList();
    for (InputReader.Announced input : others) {
      Optional<Violation> misfit = plan.stage().misfit(input.pointer(), input.size());
      if (misfit.isPresent()) {
        throw RenderFailure.failed(
            ErrorClass.INPUT, misfit.get().pointer() + ": " + misfit.get().message());
      }
    }
    RenderPlan other = pointers.contains(StageRequest.IMAGE) ? plan.turned() : plan;
    return new Prepared(other, model, others, prompting);
  }

  /**
   * Everything that the pixels depend on besides the request.
   *
   * @param workerVersion version of this program
   */
  Fingerprint fingerprint(String workerVersion) {
    return new Fingerprint(
        model.card().sha256(),
        model.card().components(),
        model.card().schedulerSha256(),
        plan.effective().seeds().generator(),
        model.device(),
        workerVersion);
  }

  /** The input pictures for the engine; empty if there are none. */
  Optional<StageInputs> stageInputs() {
    if (inputs.isEmpty()) {
      return Optional.empty();
    }
    Map<String, Size> sizes = new HashMap<>();
    inputs.forEach(
        input -> sizes.put(input.pointer(), plan.stage().taken(input.pointer(), input.size())));
    long bytes = inputs.stream().mapToLong(InputReader.Announced::readingBytes).sum();
    return Optional.of(StageInputs.unread(sizes, bytes));
  }

  /** Warnings for the manifest. */
  List<String> warnings() {
    return Stream.concat(plan.warnings().stream(), prompting.warnings().stream()).toList();
  }
}
