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
  private final Surroundings surroundings;

  @Inject
  StoreReadiness(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public HealthCheckResponse call() {
    return Health.of("store", surroundings.store().problem()).build();
  }
}
