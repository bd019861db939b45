package io.darkroom.render;

import io.darkroom.engine.LoadedModel;
import io.darkroom.job.ErrorClass;
import io.darkroom.job.ModelRef;
import io.darkroom.job.RenderRequest;
import io.darkroom.job.StageRequest;
import io.darkroom.job.Violation;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Finds the models of a request, and waits for those that are being loaded. A cancellation, the
 * deadline and the loss of the lease end the wait.
 */
final class ModelFinder {
  private static final Duration LONGEST_WAIT = Duration.ofDays(365);

  private final Models models;
  private final Cancellations cancellations;
  private final Clock clock;

  ModelFinder(Models models, Cancellations cancellations, Clock clock) {
    this.models = models;
    this.cancellations = cancellations;
    this.clock = clock;
  }

  /** Why a wait ended without an answer. */
  private enum End {
    CANCELLED,
    LOST
  }

  /**
   * Returns the models of all stages. Blocks until they are loaded.
   *
   * @throws RenderFailure if the deadline has passed, the request was cancelled, or a model is not
   *     served
   * @throws ObjectStore.StoreFailure if the package of a model cannot be read from the store
   * @throws TryLater if too many requests wait for models
   * @throws Unsettled if the worker ends or the record moved to another worker
   */
  RequestModels find(RenderRequest request, Delivery delivery) throws RenderFailure {
    if (left(request).isNegative()) {
      throw RenderFailure.failed(
          ErrorClass.DEADLINE, "the deadline passed before the render started");
    }
    List<Models.Demand> demands = new ArrayList<>();
    try {
      List<LoadedModel> found = new ArrayList<>();
      for (StageRequest stage : request.stages()) {
        demands.add(models.demand(stage.model().name()));
        Models.Answer answer = await(demands.get(found.size()), request, delivery);
        found.add(model(answer, stage.model(), RenderRequest.pointer(found.size())));
      }
      return new RequestModels(demands, found);
    } catch (RenderFailure | RuntimeException failure) {
      demands.forEach(Models.Demand::close);
      throw failure;
    }
  }

  private Duration left(RenderRequest request) {
    Optional<Instant> deadline = request.options().deadline();
    return deadline.isEmpty() ? LONGEST_WAIT : Duration.between(clock.instant(), deadline.get());
  }

  @SuppressWarnings("try") // the watch is used only for its effect
  private Models.Answer await(Models.Demand demand, RenderRequest request, Delivery delivery)
      throws RenderFailure {
    CompletableFuture<Object> end = new CompletableFuture<>();
    delivery.lease().onLost(() -> end.complete(End.LOST));
    try (Cancellations.Watch watch =
        cancellations.watch(request.id(), () -> end.complete(End.CANCELLED))) {
      Object first = first(CompletableFuture.anyOf(demand.answer(), end), left(request));
      if (first instanceof Models.Answer answer) {
        return answer;
      }
      if (first == End.LOST) {
        throw new Lease.Lost(delivery.source());
      }
      throw RenderFailure.cancelled(0);
    }
  }

  private static Object first(CompletableFuture<Object> any, Duration left) throws RenderFailure {
    Duration bounded = left.compareTo(LONGEST_WAIT) < 0 ? left : LONGEST_WAIT;
    try {
      return any.get(bounded.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException passed) {
      throw RenderFailure.failed(
          ErrorClass.DEADLINE, "the deadline passed while the model was loaded");
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new Unsettled("the worker shut down before the model was loaded");
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof RuntimeException ofTheStore) {
        throw ofTheStore;
      }
      throw new IllegalStateException("a model was not loaded", failure.getCause());
    }
  }

  private LoadedModel model(Models.Answer answer, ModelRef ref, String stage) throws RenderFailure {
    if (answer instanceof Models.Answer.Loaded loaded) {
      return pinned(loaded.model(), ref, stage);
    }
    if (answer instanceof Models.Answer.Broken broken) {
      throw rejected("this worker cannot load the model", stage, broken.reason());
    }
    String names = models.loaded().names();
    String rule = names.isEmpty() ? "must be a model of this worker" : "must be one of " + names;
    throw notServed(stage, rule + ", is " + ref.name());
  }

  private static LoadedModel pinned(LoadedModel model, ModelRef ref, String stage)
      throws RenderFailure {
    String sha256 = model.card().sha256();
    if (ref.sha256().isPresent() && !ref.sha256().get().equals(sha256)) {
      throw notServed(stage, "its sha256 must be " + sha256 + " here, is " + ref.sha256().get());
    }
    return model;
  }

  private static RenderFailure notServed(String stage, String rule) {
    return rejected("this worker does not serve the model", stage, rule);
  }

  private static RenderFailure rejected(String message, String stage, String rule) {
    return RenderFailure.rejected(
        ErrorClass.MODEL, message, List.of(new Violation(stage + "/model", rule)));
  }
}
