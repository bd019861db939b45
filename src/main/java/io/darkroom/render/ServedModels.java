package io.darkroom.render;

import io.darkroom.engine.LoadedModel;
import io.darkroom.job.ErrorClass;
import io.darkroom.job.ModelRef;
import io.darkroom.job.Violation;
import java.util.List;
import java.util.Map;
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

  /** Their names in order, separated by commas. */
  public String names() {
    return String.join(", ", new TreeSet<>(byName.keySet()));
  }

  /** All of them, by name. */
  public List<LoadedModel> inOrder() {
    return List.copyOf(new TreeMap<>(byName).values());
  }

  /**
   * The package that a request names.
   *
   * @throws RenderFailure if it is not served, or its digest differs from the one in the request
   */
  LoadedModel find(ModelRef ref) throws RenderFailure {
    LoadedModel served = byName.get(ref.name());
    if (served == null) {
      throw notServed("must be one of " + names() + ", is " + ref.name());
    }
    if (ref.sha256().isPresent() && !ref.sha256().get().equals(served.card().sha256())) {
      throw notServed(
          "its sha256 must be " + served.card().sha256() + " here, is " + ref.sha256().get());
    }
    return served;
  }

  private static RenderFailure notServed(String rule) {
    return RenderFailure.rejected(
        ErrorClass.MODEL,
        "this worker does not serve the model",
        List.of(new Violation("/model", rule)));
  }
}
