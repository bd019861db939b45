package io.darkroom.app.metrics;

import io.darkroom.job.RenderOutcome;
import io.darkroom.render.Account;
import io.darkroom.render.Delivery;
import io.darkroom.render.JobEvent;
import io.darkroom.render.JobListener;
import io.darkroom.render.Settlement;
import io.darkroom.text.Printable;
import java.time.Clock;
import java.time.Duration;
import org.jboss.logging.Logger;

/** Writes one log line for each settled request. */
public final class RequestLog implements JobListener {
  private static final Logger LOG = Logger.getLogger(RequestLog.class);

  private final Clock clock;

  public RequestLog(Clock clock) {
    this.clock = clock;
  }

  @Override
  public void happened(JobEvent event) {
    if (event instanceof JobEvent.Settled settled) {
      log(settled.delivery(), settled.settlement());
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
