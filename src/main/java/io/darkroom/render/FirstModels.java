package io.darkroom.render;

import io.darkroom.engine.LoadedModel;
import java.util.HashMap;
import java.util.Map;

/**
 * Models that are always loaded, and others for the names that those do not have.
 *
 * @param first models that are always loaded
 * @param others asked for all other names
 */
public record FirstModels(ServedModels first, Models others) implements Models {

  @Override
  public ServedModels loaded() {
    Map<String, LoadedModel> all = new HashMap<>(others.loaded().byName());
    all.putAll(first.byName());
    return new ServedModels(all);
  }

  @Override
  public Demand demand(String name) {
    return (first.byName().containsKey(name) ? first : others).demand(name);
  }
}
