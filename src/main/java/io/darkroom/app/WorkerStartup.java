package io.darkroom.app;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/** Whether the worker is past the loading of its models. */
@Startup
@Singleton
final class WorkerStartup implements HealthCheck {
  private final Worker worker;

  @Inject
  WorkerStartup(Worker worker) {
    this.worker = worker;
  }

  @Override
  public HealthCheckResponse call() {
    return Health.of("worker", problem()).build();
  }

  private Optional<String> problem() {
    return worker.state() == Worker.State.LOADING
        ? Optional.of("models are loading and cancellations are being read")
        : worker.failure();
  }
}
