package io.darkroom.render;

import io.darkroom.engine.LoadedModel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The packages that this worker has loaded, warmed and self-tested.
 *
 * @param byName one per package name
 */
public record ServedModels(Map<String, LoadedModel> byName) {

  public ServedModels {
    byName = Map.copyOf(byName);
  }

  /** Their names in order, for people. */
  public String names() {
    return String.join(", ", new TreeSet<>(byName.keySet()));
  }

  /** All of them, by name. */
  public List<LoadedModel> inOrder() {
    return List.copyOf(new TreeMap<>(byName).values());
  }

  /** The package of a name, where it is served. */
  public Optional<LoadedModel> named(String name) {
    return Optional.ofNullable(byName.get(name));
  }
}
