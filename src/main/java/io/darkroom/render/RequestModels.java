package io.darkroom.render;

import io.darkroom.engine.LoadedModel;
import java.util.List;

/**
 * The models of one request, which stay loaded until this is closed.
 *
 * @param demands one per stage
 * @param models one per stage
 */
record RequestModels(List<Models.Demand> demands, List<LoadedModel> models)
    implements AutoCloseable {

  RequestModels {
    demands = List.copyOf(demands);
    models = List.copyOf(models);
  }

  @Override
  public void close() {
    demands.forEach(Models.Demand::close);
  }
}
