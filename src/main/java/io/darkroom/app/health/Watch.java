package io.darkroom.app.health;

import io.darkroom.render.Outage;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * Probes a dependency and keeps the last result, so that a health check never waits. One thread
 * probes; any thread may read the result.
 */
final class Watch implements Runnable {
  private static final Logger LOG = Logger.getLogger(Watch.class);

  private final Probe probe;
  private final Duration maxAge;
  private final LongSupplier nanoClock;
  private final Outage outage;
  private volatile Answer last;

  /** A call that throws if the dependency is not usable. */
  @FunctionalInterface
  interface Probe {
    void run() throws Exception;
  }

  private record Answer(Optional<String> problem, long nanos) {}

  /**
   * @param name name of the dependency in the log
   * @param maxAge maximum age of a result; an older result counts as a failure
   */
  Watch(String name, Probe probe, Duration maxAge, LongSupplier nanoClock) {
    this.probe = probe;
    this.maxAge = maxAge;
    this.nanoClock = nanoClock;
    this.outage = new Outage(name, LOG::warn, nanoClock);
    this.last = new Answer(Optional.of("not checked yet"), nanoClock.getAsLong());
  }

  @Override
  public void run() {
    Optional<String> problem;
    try {
      probe.run();
      problem = Optional.empty();
      outage.worked();
    } catch (Exception no) { // any exception means that the dependency is not usable
      problem = Optional.of(String.valueOf(no.getMessage()));
      outage.failed(problem.get());
    }
    last = new Answer(problem, nanoClock.getAsLong());
  }

  /** Returns the problem of the last probe, regardless of its age; empty if it succeeded. */
  Optional<String> lastProblem() {
    return last.problem();
  }

  /** Returns why the dependency is not usable now; empty if it is usable. */
  Optional<String> problem() {
    Answer answer = last;
    long age = nanoClock.getAsLong() - answer.nanos();
    if (age > maxAge.toNanos()) {
      return Optional.of("no answer for " + Duration.ofNanos(age).toSeconds() + " s");
    }
    return answer.problem();
  }
}
