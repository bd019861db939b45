package io.darkroom.render;

import io.darkroom.engine.LoadedModel;
import io.darkroom.job.ErrorClass;
import io.darkroom.job.Fingerprint;
import io.darkroom.job.ModelRef;
import io.darkroom.job.RenderRequest;
import io.darkroom.job.Violation;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The model packages that this worker has loaded and self-tested.
 *
 * @param byName one per package name
 */
public record ServedModels(Map<String, LoadedModel> byName) {

  public ServedModels {
    byName = Map.copyOf(byName);
  }

  /** Returns the names in alphabetical order, separated by commas. */
  public String names() {
    return String.join(", ", new TreeSet<>(byName.keySet()));
  }

  /** Returns all models, ordered by name. */
  public List<LoadedModel> inOrder() {
    return List.copyOf(new TreeMap<>(byName).values());
  }

  /**
   * Returns the fingerprints that pictures of a request get here, one per stage, without stages
   * whose models are not served.
   *
   * @param workerVersion version of this program
   */
  public List<Fingerprint> fingerprints(RenderRequest request, String workerVersion) {
    String generator = request.seeds().generator();
    return request.stages().stream()
        .map(stage -> byName.get(stage.model().name()))
        .filter(Objects::nonNull)
        .map(served -> Prepared.fingerprint(served, generator, workerVersion))
        .toList();
  }

  /**
   * Returns the package that a stage of a request names.
   *
   * @param stage pointer of the stage in the request
   * @throws RenderFailure if it is not served, or its digest differs from the one in the request
   */
  LoadedModel find(ModelRef ref, String stage) throws RenderFailure {
    LoadedModel served = byName.get(ref.name());
    if (served == null) {
      throw notServed(stage, "must be one of " + names() + ", is " + ref.name());
    }
    if (ref.sha256().isPresent() && !ref.sha256().get().equals(served.card().sha256())) {
      throw notServed(
          stage,
          "its sha256 must be " + served.card().sha256() + " here, is " + ref.sha256().get());
    }
    return served;
  }

  private static RenderFailure notServed(String stage, String rule) {
    return RenderFailure.rejected(
        ErrorClass.MODEL,
        "this worker does not serve the model",
        List.of(new Violation(stage + "/model", rule)));
  }
}
