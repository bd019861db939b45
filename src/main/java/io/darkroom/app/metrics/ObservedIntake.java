package io.darkroom.app.metrics;

import io.darkroom.job.Problem;
import io.darkroom.job.RenderOutcome;
import io.darkroom.render.Account;
import io.darkroom.render.Delivery;
import io.darkroom.render.Intake;
import io.darkroom.render.Settlement;
import io.darkroom.text.Printable;
import java.time.Clock;
import java.time.Duration;
import org.jboss.logging.Logger;

/** Counts every settled request and writes one log line for it. */
public final class ObservedIntake implements Intake {
  private static final Logger LOG = Logger.getLogger(ObservedIntake.class);

  private final Intake intake;
  private final RequestMeters meters;
  private final Clock clock;

  public ObservedIntake(Intake intake, RequestMeters meters, Clock clock) {
    this.intake = intake;
    this.meters = meters;
    this.clock = clock;
  }

  @Override
  public Settlement settle(Delivery delivery) {
    Settlement settlement = intake.settle(delivery);
    observe(delivery, settlement);
    return settlement;
  }

  @Override
  public Settlement giveUp(Delivery delivery, Problem problem) {
    Settlement settlement = intake.giveUp(delivery, problem);
    observe(delivery, settlement);
    return settlement;
  }

  /** A fault here must not change the outcome of the request. */
  private void observe(Delivery delivery, Settlement settlement) {
    try {
      meters.settled(delivery, settlement);
      log(delivery, settlement);
    } catch (RuntimeException fault) {
      LOG.errorf(fault, "internal error while counting a request source=%s", delivery.source());
    }
  }

  private void log(Delivery delivery, Settlement settlement) {
    RenderOutcome outcome = settlement.outcome();
    Account account = settlement.account();
    LOG.infof(
        "request finished job=%s kind=%s model=%s outcome=%s class=%s millis=%d source=%s",
        Printable.logValue(outcome.subject()),
        account.kind().orElse("unknown"),
        Printable.logValue(account.model().orElse("unknown")),
        Outcomes.name(outcome),
        Outcomes.errorClass(outcome),
        Duration.between(account.begun(), clock.instant()).toMillis(),
        Printable.logValue(delivery.source()));
    // At DEBUG only: the reason may quote the prompt.
    Outcomes.problem(outcome)
        .ifPresent(
            problem ->
                LOG.debugf(
                    "request not rendered job=%s reason=%s violations=%s",
                    Printable.logValue(outcome.subject()),
                    Printable.logValue(problem.message()),
                    Printable.logValue(problem.violations().toString())));
  }
}
