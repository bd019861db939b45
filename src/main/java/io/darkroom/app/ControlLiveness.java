package io.darkroom.app;

import io.darkroom.kafka.ControlReader;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** Whether withdrawals are read: a worker that reads none renders requests that were cancelled. */
@Liveness
@Singleton
final class ControlLiveness implements HealthCheck {
  private final ControlReader control;

  @Inject
  ControlLiveness(ControlReader control) {
    this.control = control;
  }

  @Override
  public HealthCheckResponse call() {
    return Health.of("control", control.problem()).build();
  }
}
