package io.darkroom.render;

import io.darkroom.engine.LoadedModel;
import io.darkroom.job.Fingerprint;
import io.darkroom.job.RenderRequest;
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
public record ServedModels(Map<String, LoadedModel> byName) implements Models {

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
   * Returns the fingerprints that pictures of a request get here, without plans; one per stage,
   * without stages whose models are not served.
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

  @Override
  public ServedModels loaded() {
    return this;
  }

  @Override
  public Demand demand(String name) {
    LoadedModel model = byName.get(name);
    return Demand.answered(model == null ? new Answer.Absent() : new Answer.Loaded(model));
  }
}
