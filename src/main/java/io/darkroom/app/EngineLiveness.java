package io.darkroom.app;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** Whether the engine turns, and so whether the device answers: a call that hangs is no turn. */
@Liveness
@Singleton
final class EngineLiveness implements HealthCheck {
  private final Worker worker;
  private final Duration stall;

  @Inject
  EngineLiveness(Worker worker, DarkroomConfig config) {
    this.worker = worker;
    this.stall = config.engine().stall();
  }

  @Override
  public HealthCheckResponse call() {
    return Health.of("engine", problem()).build();
  }

  private Optional<String> problem() {
    // Opening and testing a large package is one long turn.
    boolean loading = worker.state() == Worker.State.LOADING;
    return worker
        .failure()
        .or(() -> loading ? Optional.empty() : worker.engineThread().problem(stall));
  }
}
