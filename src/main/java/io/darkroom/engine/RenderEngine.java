package io.darkroom.engine;

import io.darkroom.plan.HeapBytes;
import java.util.Collections;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The render loop of one device. One thread calls {@link #runIteration} repeatedly and owns all
 * mutable state and the networks; any thread may {@link #submit}. Images of different requests,
 * samplers, schedules and seeds share calls of the network. Each row is at its own step of its own
 * schedule, and the numbers of an image do not depend on the other rows.
 *
 * <p>Inputs that a network refuses end only their request. If the device fails ({@link
 * DeviceFailure.Kind#LOST}) or an {@link Error} occurs, {@code runIteration} throws it: the owner
 * of the thread ends the process.
 */
public final class RenderEngine {
  /** Interval of progress reports for jobs that have no call in the meantime. */
  private static final long REMINDER_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final LongSupplier nanoClock;
  private final Inbox inbox = new Inbox();
  private final RowCosts costs = new RowCosts();
  private final CallScheduler scheduler;
  private final ModelCache cache;
  private final Admission admission;
  private final Buckets underWay;
  private final Finisher finisher;
  private long submitted;
  private boolean closed;
  private boolean draining;
  private long remindedNanos;

  /**
   * Creates an engine; it works when {@link #runIteration} is called.
   *
   * @param others threads that draw noise while the network runs; they are optional help
   */
  public RenderEngine(
      LongSupplier nanoClock, EngineLimits limits, EngineObserver observer, Executor others) {
    this.nanoClock = nanoClock;
    this.scheduler = new CallScheduler(limits.ageing().toNanos());
    this.cache = new ModelCache(limits.memory(), new Users());
    this.underWay = new Buckets(costs, observer, others, nanoClock);
    this.finisher = new Finisher(nanoClock);
    this.admission = new Admission(nanoClock, limits, scheduler, cache, underWay, finisher);
  }

  /** Knows which networks are in use. */
  private final class Users implements ModelCache.Users {
    @Override
    public boolean uses(Networks networks) {
      return finisher.uses(networks) || underWay.uses(networks);
    }

    @Override
    public void release(Networks networks) {
      underWay.release(networks);
    }
  }

  /**
   * Opens the networks of a package on the engine thread and serves the package under its name. If
   * the opener throws, the future fails with that exception. If memory is short, idle networks are
   * closed, and the opener is called again when a job needs them.
   */
  public CompletableFuture<LoadedModel> load(Callable<Networks> opener) {
    CompletableFuture<LoadedModel> done = new CompletableFuture<>();
    if (!inbox.post(() -> open(opener, done))) {
      done.completeExceptionally(closedFailure());
    }
    return done;
  }

  /**
   * Closes the networks of a package when no image runs on them, and serves it no longer. Submit no
   * job for it afterwards, until it is loaded again.
   */
  public void unload(String name) {
    inbox.post(() -> cache.remove(name));
  }

  /**
   * Queues one stage, whose package must be loaded. Inputs that are not read yet must be given when
   * there is room for them ({@link StageInputs#room}). When the stage is done, its pictures stay
   * reserved on the heap until the hold of the ticket is closed.
   */
  public Ticket submit(StageJob job) {
    long bytes = HeapBytes.kept(job.stage(), job.following());
    return submit(job, new PictureHold(bytes, job.inputs(), inbox::wake), false);
  }

  /**
   * Queues the stage that follows a finished one of the same request and starts from its pictures.
   * It does not wait for memory, because the finished stage has reserved it.
   *
   * @param hold hold of the finished stage, which was submitted with this one among its following
   *     stages
   */
  public Ticket submit(StageJob job, PictureHold hold) {
    return submit(job, hold, true);
  }

  private Ticket submit(StageJob job, PictureHold hold, boolean begun) {
    Ticket ticket = new Ticket(hold);
    job.inputs().ifPresent(inputs -> inputs.whenRead(inbox::wake));
    long now = nanoClock.getAsLong();
    ActiveJob active = new ActiveJob(job, ticket, now, costs, this::remainingNanos);
    if (begun) {
      active.begin();
    }
    if (!inbox.post(() -> admit(active))) {
      active.stop(StageOutcome.Reason.CLOSED);
    }
    return ticket;
  }

  private void admit(ActiveJob job) {
    if (draining) {
      job.stop(StageOutcome.Reason.DRAINED);
      return;
    }
    job.order(submitted++);
    admission.add(job);
  }

  /** Returns the state of the engine between two iterations. */
  public CompletableFuture<EngineSnapshot> snapshot() {
    CompletableFuture<EngineSnapshot> done = new CompletableFuture<>();
    return inbox.post(() -> count(done))
        ? done
        : CompletableFuture.completedFuture(EngineSnapshot.IDLE);
  }

  /**
   * Continues only the jobs that have begun and are expected to end within the given time. All
   * other jobs end between two evaluations in the next iteration, and jobs that are submitted later
   * end at once ({@link StageOutcome.Reason#DRAINED}). Any thread; may be called again.
   *
   * @param nanos 0: all jobs end
   */
  public void drain(long nanos) {
    inbox.post(() -> endWhatTakesLonger(nanos));
  }

  private void endWhatTakesLonger(long nanos) {
    draining = true;
    Set<ActiveJob> open = jobs();
    finisher.jobs().forEach(open::add);
    open.removeIf(job -> job.ended() || (!job.progress().begun() && stopped(job)));
    // The longest job is checked first: each job that ends makes the others faster.
    while (!open.isEmpty()) {
      ActiveJob longest = Collections.max(open, Comparator.comparingLong(this::remainingNanos));
      if (remainingNanos(longest) < nanos) {
        return;
      }
      longest.stop(StageOutcome.Reason.DRAINED);
      open.remove(longest);
    }
  }

  private static boolean stopped(ActiveJob job) {
    job.stop(StageOutcome.Reason.DRAINED);
    return true;
  }

  /**
   * Ends all jobs and closes all networks in the next iteration, on the engine thread. Jobs that
   * are submitted later end at once.
   */
  public CompletableFuture<Void> close() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Runnable close =
        () -> {
          if (!closed) {
            stop();
            cache.close();
          }
          done.complete(null);
        };
    return inbox.post(close) ? done : CompletableFuture.completedFuture(null);
  }

  /**
   * Ends all jobs, including those that are submitted later, without using the device. For the
   * engine thread, after {@link #runIteration} has thrown.
   */
  public void stop() {
    closed = true;
    inbox.close();
    Stream.concat(jobs().stream(), finisher.jobs())
        .forEach(job -> job.stop(StageOutcome.Reason.CLOSED));
    admission.clear();
    underWay.clear();
    finisher.clear();
  }

  /** Waits until there is work or the time has passed. */
  public void awaitWork(long nanos) throws InterruptedException {
    inbox.await(nanos);
  }

  /**
   * Runs one iteration: takes submitted jobs, gives free slots to images, runs one bucket once,
   * moves its images, and decodes at most one picture per lane. Engine thread only.
   *
   * @return rows moved plus pictures finished plus packages opened; 0 = there was nothing to do
   */
  public int runIteration() {
    inbox.drain();
    long now = nanoClock.getAsLong();
    underWay.dropEnded(now);
    finisher.dropEnded(now);
    admission.dropEnded(now);
    cache.closeRemoved();
    int opened = admission.admit();
    int rows = evaluate();
    remind();
    return opened + rows + finisher.finish();
  }

  private void remind() {
    long now = nanoClock.getAsLong();
    if (now - remindedNanos >= REMINDER_NANOS) {
      remindedNanos = now;
      jobs().forEach(ActiveJob::remind);
    }
  }

  private Set<ActiveJob> jobs() {
    return EngineSnapshot.jobs(admission.waiting(), underWay.all());
  }

  @SuppressWarnings("FutureReturnValueIgnored") // completing one's own future
  private void count(CompletableFuture<EngineSnapshot> done) {
    try {
      done.complete(counts());
    } catch (RuntimeException fault) {
      done.completeExceptionally(fault);
    }
  }

  private EngineSnapshot counts() {
    return EngineSnapshot.of(admission, underWay.all(), cache, costs, nanoClock.getAsLong());
  }

  @SuppressWarnings("FutureReturnValueIgnored") // completing one's own future
  private void open(Callable<Networks> opener, CompletableFuture<LoadedModel> done) {
    if (closed) {
      done.completeExceptionally(closedFailure());
      return;
    }
    try {
      Networks networks = cache.add(opener, nanoClock.getAsLong());
      costs.add(networks);
      done.complete(
          new LoadedModel(
              networks.card(), networks.device(), networks.tokenizers(), networks.findings()));
    } catch (Exception failure) {
      done.completeExceptionally(failure);
    }
  }

  private static IllegalStateException closedFailure() {
    return new IllegalStateException("the engine is closed");
  }

  private long remainingNanos(ActiveJob job) {
    return costs.nanosUntilDone(job, jobs());
  }

  private int evaluate() {
    long now = nanoClock.getAsLong();
    @Nullable Bucket bucket = scheduler.choose(underWay.all(), now);
    if (bucket == null) {
      return 0;
    }
    int count = scheduler.fill(bucket);
    for (int i = 0; i < count; i++) {
      bucket.slots().get(i).job().progress().begin(now);
    }
    try {
      bucket.evaluate(0, count, now);
    } catch (DeviceFailure failure) {
      FailurePolicy.retryWithFewer(bucket, 0, count, failure, now);
    }
    return advance(bucket, count);
  }

  private int advance(Bucket bucket, int count) {
    long now = nanoClock.getAsLong();
    int rows = 0;
    for (int i = count - 1; i >= 0; i--) {
      Slot slot = bucket.slots().get(i);
      rows += slot.rows();
      slot.setWaiting(scheduler.kept(slot, now), now);
      if (slot.job().ended()) {
        continue;
      }
      slot.job().progress().report(now);
      if (!slot.finite()) {
        underWay.remove(bucket, i);
        Finisher.notFinite(slot.job(), "the sample", slot.part());
      } else if (slot.trajectory().finished()) {
        underWay.remove(bucket, i);
        finisher.add(slot.job(), slot.part(), slot.result(), bucket.networks());
        cache.finished(bucket.networks(), now);
      } else if (!slot.pass().equals(bucket.pass())) {
        underWay.move(bucket, i);
      }
    }
    return rows;
  }
}
