package io.darkroom.app;

import io.darkroom.job.RenderOutcome;
import io.darkroom.render.Account;
import io.darkroom.render.Delivery;
import io.darkroom.render.ServedModels;
import io.darkroom.render.Settlement;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** Counts requests by what they were and how they ended. */
final class RequestMeters {
  private static final Duration[] BOUNDS = {
    Duration.ofMillis(10),
    Duration.ofMillis(100),
    Duration.ofSeconds(1),
    Duration.ofSeconds(10),
    Duration.ofSeconds(60),
    Duration.ofSeconds(600)
  };

  private final MeterRegistry registry;
  private final ServedModels models;
  private final Clock clock;
  private final Timer total;
  private final Map<Account.Phase, Timer> phases = new EnumMap<>(Account.Phase.class);

  /**
   * @param models that have a label value of their own; all others share one
   */
  RequestMeters(MeterRegistry registry, ServedModels models, Clock clock) {
    this.registry = registry;
    this.models = models;
    this.clock = clock;
    this.total =
        Timer.builder("darkroom.request").serviceLevelObjectives(BOUNDS).register(registry);
    for (Account.Phase phase : Account.Phase.values()) {
      phases.put(
          phase,
          Timer.builder("darkroom.phase")
              .tag("phase", phase.wire())
              .serviceLevelObjectives(BOUNDS)
              .register(registry));
    }
  }

  void settled(Delivery delivery, Settlement settlement) {
    RenderOutcome outcome = settlement.outcome();
    Account account = settlement.account();
    String kind = account.kind().orElse("unknown");
    String model = account.model().filter(models.byName()::containsKey).orElse(Labels.OTHER);
    registry
        .counter(
            "darkroom.requests",
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
