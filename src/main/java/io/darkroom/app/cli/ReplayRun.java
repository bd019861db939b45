package io.darkroom.app.cli;

import io.darkroom.replay.Finding;
import io.darkroom.replay.ManifestFinder;
import io.darkroom.replay.Recorded;
import io.darkroom.replay.ReplayReport;
import io.darkroom.replay.Replayer;
import io.darkroom.replay.Verdict;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.jspecify.annotations.Nullable;

/** Replays the selected requests, several at a time, and shows the progress. */
final class ReplayRun implements ReplaySelection.Visitor {
  private final Replayer replayer;
  private final ReplayReport report;
  private final Terminal terminal;
  private final ExecutorService threads;
  private final Semaphore free;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final Pace pace;
  private @Nullable ProgressBar bar;

  /**
   * @param inFlight maximum number of requests at the same time
   */
  ReplayRun(Replayer replayer, ReplayReport report, Terminal terminal, int inFlight, Pace pace) {
    this.replayer = replayer;
    this.report = report;
    this.terminal = terminal;
    this.threads = Executors.newFixedThreadPool(inFlight);
    this.free = new Semaphore(inFlight);
    this.pace = pace;
  }

  @Override
  public void expect(long count) {
    if (Terminal.watched()) {
      bar =
          new ProgressBarBuilder()
              .setTaskName("replaying")
              .setInitialMax(count)
              .setUpdateIntervalMillis(200)
              .build();
    } else {
      terminal.err().println("replaying up to " + count + " requests");
      terminal.err().flush();
    }
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // failures are stored in a field
  public void visit(ManifestFinder.Found found) throws InterruptedException {
    if (found instanceof ManifestFinder.Found.Nothing nothing) {
      add(nothing.finding());
      return;
    }
    Recorded recorded = ((ManifestFinder.Found.Request) found).recorded();
    free.acquire();
    throwFailure();
    pace.await();
    threads.submit(() -> replay(recorded));
  }

  private void replay(Recorded recorded) {
    try {
      add(replayer.replay(recorded).finding());
    } catch (RuntimeException | Error fault) { // the thread of the command throws it
      failure.compareAndSet(null, fault);
    } finally {
      free.release();
    }
  }

  private synchronized void add(Finding finding) {
    report.add(finding);
    if (bar != null) {
      bar.step();
    }
    if (finding.verdict() != Verdict.EQUAL_FILES) {
      terminal.out().println(ReplayTable.line(finding));
      terminal.out().flush();
    }
  }

  private void throwFailure() {
    Throwable fault = failure.get();
    if (fault != null) {
      throw new IllegalStateException(String.valueOf(fault.getMessage()), fault);
    }
  }

  /** Waits for the requests that are being replayed. */
  void finish() throws InterruptedException {
    threads.shutdown();
    while (!threads.awaitTermination(1, TimeUnit.MINUTES)) {
      throwFailure();
    }
    if (bar != null) {
      bar.close();
    }
    throwFailure();
  }
}
