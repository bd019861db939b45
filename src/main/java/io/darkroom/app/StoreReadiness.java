package io.darkroom.app;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Whether the store answers and has the bucket that results go to. */
@Readiness
@Singleton
final class StoreReadiness implements HealthCheck {
  private final DependencyProbes probes;

  @Inject
  StoreReadiness(DependencyProbes probes) {
    this.probes = probes;
  }

  @Override
  public HealthCheckResponse call() {
    return Health.of("store", probes.store().problem()).build();
  }
}
