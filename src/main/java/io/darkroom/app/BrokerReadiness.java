package io.darkroom.app;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Whether the broker answers. */
@Readiness
@Singleton
final class BrokerReadiness implements HealthCheck {
  private final DependencyProbes probes;

  @Inject
  BrokerReadiness(DependencyProbes probes) {
    this.probes = probes;
  }

  @Override
  public HealthCheckResponse call() {
    return Health.of("broker", probes.broker().problem()).build();
  }
}
