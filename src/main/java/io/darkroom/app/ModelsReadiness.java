package io.darkroom.app;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Whether models are loaded and self-tested and requests are taken; names what was left out. */
@Readiness
@Singleton
final class ModelsReadiness implements HealthCheck {
  private final Worker worker;

  @Inject
  ModelsReadiness(Worker worker) {
    this.worker = worker;
  }

  @Override
  public HealthCheckResponse call() {
    HealthCheckResponseBuilder answer = Health.of("models", problem());
    worker
        .models()
        .ifPresent(
            models -> {
              answer.withData("served", models.served().names());
              models
                  .served()
                  .inOrder()
                  .forEach(model -> answer.withData(model.card().name(), VerdictPrinter.of(model)));
              models.leftOut().forEach(reason -> answer.withData("left out", reason));
            });
    return answer.build();
  }

  private Optional<String> problem() {
    return switch (worker.state()) {
      case LOADING ->
          Optional.of(
              worker.models().isPresent()
                  ? "the control topic is being read"
                  : "models are loading");
      case REFUSING -> worker.refusal();
      case SERVING -> Optional.empty();
      case DRAINING -> Optional.of("the worker is shutting down");
      case FAILED -> worker.failure();
    };
  }
}
