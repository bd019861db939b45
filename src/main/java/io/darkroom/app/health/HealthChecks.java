package io.darkroom.app.health;

import io.darkroom.app.DarkroomConfig;
import io.darkroom.app.TopicProbe;
import io.darkroom.app.VerdictPrinter;
import io.darkroom.app.Worker;
import io.darkroom.kafka.ControlReader;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;

/** Defines every health check of the worker: up, or down with the reason. No check blocks. */
final class HealthChecks {

  /** Up when the models are loaded; it does not wait for the broker. */
  @Produces
  @Startup
  @Singleton
  HealthCheck worker(Worker worker) {
    return () -> answer("worker", startup(worker)).build();
  }

  /** Up while the render loop iterates. A network call that hangs stops the loop. */
  @Produces
  @Liveness
  @Singleton
  HealthCheck engine(Worker worker, DarkroomConfig config) {
    Duration stall = config.engine().stall();
    return () -> answer("engine", engine(worker, stall)).build();
  }

  /** Up while cancellations are read. Without them the worker would render cancelled requests. */
  @Produces
  @Liveness
  @Singleton
  HealthCheck control(ControlReader control) {
    return () -> answer("control", control.problem()).build();
  }

  /**
   * Up while requests are consumed. The data names the served packages and those that were left
   * out.
   */
  @Produces
  @Readiness
  @Singleton
  HealthCheck models(Worker worker) {
    return () -> models(worker, answer("models", readiness(worker)));
  }

  /** Up while writes under the default prefix succeed. */
  @Produces
  @Readiness
  @Singleton
  HealthCheck store(DependencyProbes probes) {
    return () -> answer("store", probes.storeProblem()).build();
  }

  /** Up while the broker answers. */
  @Produces
  @Readiness
  @Singleton
  HealthCheck broker(DependencyProbes probes) {
    return () -> answer("broker", probes.broker().problem()).build();
  }

  /**
   * Up while the topics exist and the broker accepts records. The data lists disabled functions.
   */
  @Produces
  @Readiness
  @Singleton
  HealthCheck topics(TopicProbe topics) {
    return () -> {
      HealthCheckResponseBuilder answer = answer("topics", topics.problem());
      if (!topics.warnings().isEmpty()) {
        answer.withData("warnings", String.join("; ", topics.warnings()));
      }
      return answer.build();
    };
  }

  private static Optional<String> startup(Worker worker) {
    boolean loading = worker.state() == Worker.State.LOADING && worker.models().isEmpty();
    return loading ? Optional.of("models are loading") : worker.failure();
  }

  private static Optional<String> engine(Worker worker, Duration stall) {
    // Opening and testing a large package is one long iteration.
    boolean loading = worker.state() == Worker.State.LOADING;
    return worker
        .failure()
        .or(() -> loading ? Optional.empty() : worker.engineThread().problem(stall));
  }

  private static Optional<String> readiness(Worker worker) {
    return switch (worker.state()) {
      case LOADING ->
          Optional.of(
              worker.models().isPresent()
                  ? "the control topic is being read"
                  : "models are loading"
                      + worker.downloadProblem().map(reason -> ": " + reason).orElse(""));
      case REFUSING -> worker.refusal();
      case WAITING -> worker.waitingFor();
      case SERVING -> Optional.empty();
      case DRAINING -> Optional.of("the worker is shutting down");
      case FAILED -> worker.failure();
    };
  }

  private static HealthCheckResponse models(Worker worker, HealthCheckResponseBuilder answer) {
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

  private static HealthCheckResponseBuilder answer(String name, Optional<String> problem) {
    HealthCheckResponseBuilder answer = HealthCheckResponse.named(name).status(problem.isEmpty());
    problem.ifPresent(reason -> answer.withData("reason", reason));
    return answer;
  }
}
