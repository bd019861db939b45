package io.darkroom.app;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.List;
import java.util.Map;

/** A worker with the starter models, a broker and a store. */
public final class WholeWorker implements QuarkusTestProfile {

  @Override
  public Map<String, String> getConfigOverrides() {
    return Map.of(
        "darkroom.models",
        "src/main/models",
        "darkroom.engine.slots",
        "4",
        "darkroom.shutdown.grace",
        "1s",
        "quarkus.otel.sdk.disabled",
        "false",
        "quarkus.otel.bsp.schedule.delay",
        "100ms",
        "quarkus.log.category.\"io.darkroom\".level",
        "INFO",
        // Properties of the test process also begin with darkroom.
        "smallrye.config.mapping.validate-unknown",
        "false");
  }

  @Override
  public List<TestResourceEntry> testResources() {
    return List.of(new TestResourceEntry(WorkerStack.class));
  }
}
