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
 * The render loop of one device. One thread calls {@link #tick} again and again and owns all
 * mutable state and the networks; any thread may {@link #submit}. Images of different requests,
 * samplers, schedules and seeds share calls of the network, each row at its own place in its own
 * schedule, and no image's numbers depend on its neighbours.
 *
 * <p>Inputs that a network refuses end their request alone. A failed device ({@link
 * DeviceFailure.Kind#LOST}) or an {@link Error} leaves {@code tick} as it is: the owner of the
 * thread ends the process.
 */
public final class RenderEngine {
  /** How often listeners hear of jobs that have no call of their own meanwhile. */
  private static final long REMINDER_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final LongSupplier nanoClock;
  private final Inbox inbox = new Inbox();
  private final RowCosts costs = new RowCosts();
  private final StepScheduler scheduler;
  private final ModelCache cache;
  private final Admission admission;
  private final Buckets underWay;
  private final Finisher finisher;
  private long submitted;
  private boolean closed;
  private boolean draining;
  private long remindedNanos;

  /**
   * An engine that does nothing until {@link #tick} is called.
   *
   * @param others threads that draw noise while the network runs; they need not do anything
   */
  public RenderEngine(
      LongSupplier nanoClock, EngineLimits limits, EngineObserver observer, Executor others) {
    this.nanoClock = nanoClock;
    this.scheduler = new StepScheduler(limits.ageing().toNanos());
    this.cache = new ModelCache(limits.memory(), new Users());
    this.underWay = new Buckets(costs, observer, others, nanoClock);
    this.finisher = new Finisher(nanoClock);
    this.admission = new Admission(nanoClock, limits, scheduler, cache, underWay, finisher);
  }

  /** Which networks are in use. */
  private final class Users implements ModelCache.Users {
    @Override
    public boolean use(Networks networks) {
      return finisher.holds(networks) || underWay.use(networks);
    }

    @Override
    public void release(Networks networks) {
      underWay.release(networks);
    }
  }

  /**
   * Opens a package's networks on the engine thread and serves it under its name from then on. What
   * the opener throws is what the future fails with. Where memory is short the networks are closed
   * when they are idle, and the opener is called again when a job needs them.
   */
  public CompletableFuture<LoadedModel> load(Callable<Networks> opener) {
    CompletableFuture<LoadedModel> done = new CompletableFuture<>();
    if (!inbox.post(() -> open(opener, done))) {
      done.completeExceptionally(closedFailure());
    }
    return done;
  }

  /**
   * Queues one stage; its package must have been loaded. A source that is not read yet is to be
   * given when there is room for it ({@link StageInputs#room}). Where its pictures come, they count
   * on the heap until the ticket's hold is closed.
   */
  public Ticket submit(StageJob job) {
    long bytes = HeapBytes.kept(job.stage());
    Runnable wake = inbox::wake;
    Ticket ticket = new Ticket(new PictureHold(bytes, job.inputs(), wake));
    job.inputs().ifPresent(inputs -> inputs.whenRead(wake));
    long now = nanoClock.getAsLong();
    ActiveJob active = new ActiveJob(job, ticket, now, costs, this::remainingNanos);
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

  /** What the engine holds, as it sees it itself between two turns. */
  public CompletableFuture<EngineSnapshot> snapshot() {
    CompletableFuture<EngineSnapshot> done = new CompletableFuture<>();
    return inbox.post(() -> count(done))
        ? done
        : CompletableFuture.completedFuture(EngineSnapshot.IDLE);
  }

  /**
   * Goes on with what has begun and will be done within so long, as far as is known. Everything
   * else ends between two evaluations, at the engine's next turn, and what is submitted afterwards
   * at once ({@link StageOutcome.Reason#DRAINED}). Any thread; may be called again.
   *
   * @param nanos 0 = everything ends
   */
  public void drain(long nanos) {
    inbox.post(() -> endWhatTakesLonger(nanos));
  }

  private void endWhatTakesLonger(long nanos) {
    draining = true;
    Set<ActiveJob> open = jobs();
    finisher.jobs().forEach(open::add);
    open.removeIf(job -> job.ended() || !job.progress().begun() && stopped(job));
    // The longest first: each that ends makes the others faster.
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
   * Ends all jobs and closes all networks, on the engine thread at its next turn. Jobs that are
   * submitted afterwards end at once.
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
   * Ends all jobs, those too that are submitted afterwards, and does not touch the device. For the
   * engine thread, when a turn has thrown.
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

  /** Waits until there is something to do, or so long. */
  public void awaitWork(long nanos) throws InterruptedException {
    inbox.await(nanos);
  }

  /**
   * One turn: take what came in, give free slots to images, run one bucket once, move its images
   * on, decode at most one picture. Engine thread only.
   *
   * @return rows moved, pictures finished, packages opened; 0 = there was nothing to do
   */
  public int tick() {
    inbox.drain();
    long now = nanoClock.getAsLong();
    underWay.dropEnded(now);
    finisher.dropEnded(now);
    admission.dropEnded(now);
    int opened = admission.admit();
    int rows = evaluate();
    remind();
    return opened + rows + finisher.finishOne();
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
    return EngineSnapshot.of(
        admission.waiting(), underWay.all(), cache, costs, nanoClock.getAsLong());
  }

  @SuppressWarnings("FutureReturnValueIgnored") // completing one's own future
  private void open(Callable<Networks> opener, CompletableFuture<LoadedModel> done) {
    if (closed) {
      done.completeExceptionally(closedFailure());
      return;
    }
    try {
      Networks networks = cache.add(opener, nanoClock.getAsLong());
      costs.opened(networks);
      done.complete(
          new LoadedModel(
              networks.card(), networks.device(), networks.tokenizer(), networks.findings()));
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
      FailurePolicy.overcome(bucket, 0, count, failure, now);
    }
    return advance(bucket, count);
  }

  private int advance(Bucket bucket, int count) {
    long now = nanoClock.getAsLong();
    int rows = 0;
    for (int i = count - 1; i >= 0; i--) {
      Slot slot = bucket.slots().get(i);
      rows += slot.rows();
      slot.waits(scheduler.kept(slot, now), now);
      if (slot.job().ended()) {
        continue;
      }
      slot.job().progress().report(now);
      if (!slot.finite()) {
        underWay.remove(bucket, i);
        Finisher.notFinite(slot.job(), "the sample", slot.image());
      } else if (slot.trajectory().finished()) {
        underWay.remove(bucket, i);
        finisher.add(slot.job(), slot.image(), slot.result(), bucket.networks());
        cache.finished(bucket.networks(), now);
      }
    }
    return rows;
  }
}
