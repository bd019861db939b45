package io.darkroom.app;

import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/** Answers of health checks: up, or down with the reason. */
final class Health {

  private Health() {}

  static HealthCheckResponseBuilder of(String name, Optional<String> problem) {
    HealthCheckResponseBuilder answer = HealthCheckResponse.named(name).status(problem.isEmpty());
    problem.ifPresent(reason -> answer.withData("reason", reason));
    return answer;
  }
}
