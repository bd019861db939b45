package io.darkroom.engine;

import io.darkroom.job.ErrorClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The render loop of one device. One thread calls {@link #tick} again and again and owns all
 * mutable state and the networks; any thread may {@link #submit}. Images of different requests,
 * samplers, schedules and seeds share calls of the network, each row at its own place in its own
 * schedule, and no image's numbers depend on its neighbours.
 *
 * <p>Inputs that a network refuses end their request alone. A failed device ({@link
 * DeviceFailure.Kind#LOST}) or an {@link Error} leaves {@code tick} as it is: whoever owns the
 * thread ends the process.
 */
public final class RenderEngine {
  private final LongSupplier nanoClock;
  private final EngineLimits limits;
  private final EngineObserver observer;
  private final Executor others;
  private final StepScheduler scheduler;
  private final Finisher finisher;
  private final Queue<Runnable> inbox = new ConcurrentLinkedQueue<>();
  private final Semaphore work = new Semaphore(0);
  private final Shelf shelf;
  private final RowCosts costs = new RowCosts();
  private final TextEncoding texts = new TextEncoding();
  private final List<ActiveJob> waiting = new ArrayList<>();
  private final List<Bucket> buckets = new ArrayList<>();
  private int slots;
  private long admitted;
  private boolean heapIsFull;

  /** An engine whose noise is drawn ahead by the threads that all share. */
  public RenderEngine(LongSupplier nanoClock, EngineLimits limits, EngineObserver observer) {
    this(nanoClock, limits, observer, ForkJoinPool.commonPool());
  }

  /**
   * An engine that nobody turns yet.
   *
   * @param others threads that draw noise while the network runs; they need not do anything
   */
  public RenderEngine(
      LongSupplier nanoClock, EngineLimits limits, EngineObserver observer, Executor others) {
    this.others = others;
    this.nanoClock = nanoClock;
    this.limits = limits;
    this.observer = observer;
    this.scheduler = new StepScheduler(limits.ageing().toNanos());
    this.finisher = new Finisher(nanoClock);
    this.shelf = new Shelf(limits.memory(), new Users());
  }

  /** Who works with open networks, as the shelf wants to know. */
  private final class Users implements Shelf.Users {
    @Override
    public boolean use(Networks networks) {
      return finisher.holds(networks)
          || buckets.stream()
              .anyMatch(each -> each.networks() == networks && each.slots().size() > 0);
    }

    @Override
    public void release(Networks networks) {
      buckets.removeIf(bucket -> bucket.networks() == networks);
    }
  }

  /**
   * Opens a package's networks on the engine thread and serves it under its name from then on. What
   * the opener throws is what the future fails with. Where memory is short the networks are closed
   * when they are idle, and the opener is called again when a job needs them.
   */
  public CompletableFuture<LoadedModel> load(Callable<Networks> opener) {
    CompletableFuture<LoadedModel> done = new CompletableFuture<>();
    post(() -> open(opener, done));
    return done;
  }

  /** Queues one stage; its package must have been loaded. */
  public Ticket submit(StageJob job) {
    Ticket ticket = new Ticket();
    long now = nanoClock.getAsLong();
    post(() -> waiting.add(new ActiveJob(job, ticket, admitted++, now, this::remainingNanos)));
    return ticket;
  }

  /** What the engine holds, as it sees it itself between two turns. */
  @SuppressWarnings("FutureReturnValueIgnored") // completing one's own future
  public CompletableFuture<EngineSnapshot> snapshot() {
    CompletableFuture<EngineSnapshot> done = new CompletableFuture<>();
    post(() -> done.complete(Census.of(waiting, buckets, shelf, costs, nanoClock.getAsLong())));
    return done;
  }

  /** Closes all networks on the engine thread and forgets the jobs, whose outcomes stay open. */
  public CompletableFuture<Void> close() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    post(
        () -> {
          shelf.close();
          forget();
          done.complete(null);
        });
    return done;
  }

  /** Waits until there is something to do, or so long. */
  public void awaitWork(long nanos) throws InterruptedException {
    if (work.tryAcquire(nanos, TimeUnit.NANOSECONDS)) {
      work.drainPermits();
    }
  }

  /**
   * One turn: take what came in, give free slots to images, run one bucket once, move its images
   * on, decode at most one picture. Engine thread only.
   *
   * @return rows moved, pictures finished, packages opened; 0 = there was nothing to do
   */
  public int tick() {
    drainInbox();
    dropEnded();
    int opened = admit();
    int rows = evaluate();
    return opened + rows + finisher.finishOne();
  }

  private void forget() {
    waiting.clear();
    buckets.clear();
    slots = 0;
    finisher.clear();
  }

  private void post(Runnable message) {
    inbox.add(message);
    work.release();
  }

  private void drainInbox() {
    for (Runnable message = inbox.poll(); message != null; message = inbox.poll()) {
      message.run();
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // completing one's own future
  private void open(Callable<Networks> opener, CompletableFuture<LoadedModel> done) {
    try {
      Networks networks = shelf.add(opener, nanoClock.getAsLong());
      costs.opened(networks);
      done.complete(
          new LoadedModel(
              networks.card(), networks.device(), networks.tokenizer(), networks.findings()));
    } catch (Exception failure) {
      done.completeExceptionally(failure);
    }
  }

  /**
   * Time of the device until the job's last evaluation, where all that is there now goes on side by
   * side: of every other job as much as this one needs itself at most.
   */
  private long remainingNanos(ActiveJob job) {
    double own = costs.nanosLeft(job);
    double sum = 0;
    for (ActiveJob each : Census.jobs(waiting, buckets)) {
      sum += Math.min(own, costs.nanosLeft(each));
    }
    return Math.round(sum);
  }

  private void dropEnded() {
    long now = nanoClock.getAsLong();
    for (int i = buckets.size() - 1; i >= 0; i--) {
      List<Slot> members = buckets.get(i).slots();
      for (int j = members.size() - 1; j >= 0; j--) {
        if (over(members.get(j).job(), now)) {
          members.remove(j);
          slots--;
        }
      }
    }
    for (int i = waiting.size() - 1; i >= 0; i--) {
      if (over(waiting.get(i), now)) {
        waiting.remove(i);
      }
    }
  }

  private static boolean over(ActiveJob job, long now) {
    if (!job.ended() && job.withdrawn()) {
      job.withdraw();
    } else if (!job.ended() && job.late(now)) {
      job.broken(ErrorClass.DEADLINE, "the deadline passed between two evaluations");
    }
    return job.ended();
  }

  private int admit() {
    if (waiting.isEmpty() || slots >= limits.slots()) {
      return 0;
    }
    long now = nanoClock.getAsLong();
    scheduler.order(waiting, 0, now);
    shelf.turn(now);
    texts.turn();
    heapIsFull = false;
    for (int i = 0; i < waiting.size() && slots < limits.slots() && !heapIsFull; i++) {
      ActiveJob job = waiting.get(i);
      shelf
          .networksFor(job)
          .ifPresent(networks -> Setback.attempt(job, () -> start(job, networks)));
    }
    waiting.removeIf(job -> job.ended() || !job.hasImagesToStart());
    return shelf.opened() ? 1 : 0;
  }

  private void start(ActiveJob job, Networks networks) {
    texts.encode(job, networks);
    if (job.needsTexts() || job.ended() || !shelf.fits(job, networks)) {
      return;
    }
    long now = nanoClock.getAsLong();
    while (job.hasImagesToStart() && slots < limits.slots() && heapHolds(job)) {
      Slot slot = SlotStarter.start(job, job.startImage());
      slot.waits(scheduler.kept(job, now), now);
      bucket(networks, slot).slots().add(slot);
      slots++;
    }
  }

  /** Whether one more image fits; where not, those behind wait too, or a large one never would. */
  private boolean heapHolds(ActiveJob job) {
    long taken = 0;
    for (Bucket bucket : buckets) {
      for (Slot slot : bucket.slots()) {
        taken += ImageBytes.of(slot.job());
      }
    }
    heapIsFull = taken > 0 && taken > limits.imageBytes() - ImageBytes.of(job);
    return !heapIsFull;
  }

  private Bucket bucket(Networks networks, Slot slot) {
    for (Bucket bucket : buckets) {
      if (bucket.holds(networks, slot.shape())) {
        return bucket;
      }
    }
    buckets.removeIf(bucket -> bucket.slots().isEmpty());
    RowCosts.Cost cost = costs.of(networks.card().name(), slot.shape());
    Bucket bucket = new Bucket(networks, slot.shape(), cost, others, nanoClock.getAsLong());
    buckets.add(bucket);
    return bucket;
  }

  private int evaluate() {
    long now = nanoClock.getAsLong();
    @Nullable Bucket bucket = scheduler.choose(buckets, now);
    if (bucket == null) {
      return 0;
    }
    int count = scheduler.fill(bucket);
    for (int i = 0; i < count; i++) {
      bucket.slots().get(i).job().beforeEvaluation(now);
    }
    try {
      long nanos = bucket.evaluate(0, count, now);
      CallStatistics.report(observer, bucket, count, nanos);
    } catch (DeviceFailure failure) {
      Setback.overcome(bucket, count, failure, now);
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
      slot.job().afterEvaluation(now);
      if (slot.trajectory().finished() || !slot.finite()) {
        bucket.slots().remove(i);
        slots--;
        finisher.add(slot, bucket.networks());
        shelf.finished(bucket.networks(), now);
      }
    }
    return rows;
  }
}
