package io.darkroom.app.metrics;

import io.darkroom.job.RenderOutcome;
import io.darkroom.render.Account;
import io.darkroom.render.Delivery;
import io.darkroom.render.JobEvent;
import io.darkroom.render.JobListener;
import io.darkroom.render.Models;
import io.darkroom.render.Settlement;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** Counts requests by kind, model and outcome, times their phases, and counts previews. */
public final class RequestMeters implements JobListener {
  private static final Duration[] BOUNDS = {
    Duration.ofMillis(10),
    Duration.ofMillis(100),
    Duration.ofSeconds(1),
    Duration.ofSeconds(10),
    Duration.ofSeconds(60),
    Duration.ofSeconds(600)
  };

  private final MeterRegistry registry;
  private final Models models;
  private final Clock clock;
  private final Timer total;
  private final Map<Account.Phase, Timer> phases = new EnumMap<>(Account.Phase.class);
  private final Map<JobEvent.PreviewFate, Counter> previews =
      new EnumMap<>(JobEvent.PreviewFate.class);

  /**
   * @param models models with their own label value; all other models share one
   */
  public RequestMeters(MeterRegistry registry, Models models, Clock clock) {
    this.registry = registry;
    this.models = models;
    this.clock = clock;
    this.total =
        Timer.builder(Metric.REQUEST.id()).serviceLevelObjectives(BOUNDS).register(registry);
    for (Account.Phase phase : Account.Phase.values()) {
      phases.put(
          phase,
          Timer.builder(Metric.PHASE.id())
              .tag("phase", phase.wire())
              .serviceLevelObjectives(BOUNDS)
              .register(registry));
    }
    for (JobEvent.PreviewFate fate : JobEvent.PreviewFate.values()) {
      previews.put(fate, registry.counter(Metric.PREVIEWS.id(), "outcome", fate.wire()));
    }
  }

  @Override
  public void happened(JobEvent event) {
    if (event instanceof JobEvent.Previewed previewed) {
      ended(previewed.fate());
    } else if (event instanceof JobEvent.Settled settled) {
      settled(settled.delivery(), settled.settlement());
    }
  }

  private void ended(JobEvent.PreviewFate fate) {
    Counter counter = previews.get(fate);
    if (counter != null) {
      counter.increment();
    }
  }

  private void settled(Delivery delivery, Settlement settlement) {
    RenderOutcome outcome = settlement.outcome();
    Account account = settlement.account();
    String kind = account.kind().orElse("unknown");
    String model =
        account.model().filter(models.loaded().byName()::containsKey).orElse(Labels.OTHER);
    registry
        .counter(
            Metric.REQUESTS.id(),
            "kind",
            kind,
            "model",
            model,
            "outcome",
            Outcomes.name(outcome),
            "class",
            Outcomes.errorClass(outcome))
        .increment();
    total.record(positive(Duration.between(delivery.published(), clock.instant())));
    account.laps().forEach(this::time);
  }

  private void time(Account.Lap lap) {
    Timer timer = phases.get(lap.phase());
    if (timer != null) {
      timer.record(lap.duration());
    }
  }

  private static Duration positive(Duration duration) {
    return duration.isNegative() ? Duration.ZERO : duration;
  }
}
