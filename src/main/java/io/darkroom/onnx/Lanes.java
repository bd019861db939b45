package io.darkroom.onnx;

import io.darkroom.engine.DeviceFailure;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Runs the parts of a work item in parallel, on the engine thread and on its own threads. Parts may
 * be runs of the same session: its weights are in memory once, and outputs do not depend on the
 * thread. The engine thread also runs parts that no other thread has begun, so a busy machine only
 * makes the work slower. Nothing is allocated per work item. The threads are daemons and sleep
 * between work items; after {@link #close} the engine thread runs all parts.
 */
public final class Lanes implements AutoCloseable {
  /** Runs the parts one after the other on the calling thread. */
  public static final Lanes ONE = new Lanes(1);

  private static final Work NOTHING = (part, lane) -> {};
  private static final int NONE = -1;

  /** Number of spins before sleeping: waits for other lanes are usually shorter than a sleep. */
  private static final int SPINS = 2000;

  private static final int BITS = 21;
  private static final int MOST_PARTS = (1 << BITS) - 1;

  private final Lane[] threads;

  /**
   * The number of the work item, the number of its parts, and the next part that no lane has taken.
   */
  private final AtomicLong claims = new AtomicLong();

  private final AtomicInteger unfinished = new AtomicInteger();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private volatile Work work = NOTHING;
  private volatile @Nullable Thread waiting;
  private volatile boolean closed;

  /** Work with several independent parts. */
  interface Work {

    /**
     * Runs a part.
     *
     * @param lane the lane that runs it, from 0; a lane runs one part at a time
     */
    void run(int part, int lane);
  }

  private Lanes(int count) {
    this.threads = new Lane[count - 1];
    for (int i = 0; i < threads.length; i++) {
      threads[i] = new Lane(i + 1);
    }
  }

  /** Starts {@code count - 1} threads; the last lane is the engine thread. */
  public static Lanes of(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("lanes: must be 1 or more, are " + count);
    }
    if (count == 1) {
      return ONE;
    }
    Lanes lanes = new Lanes(count);
    for (Lane thread : lanes.threads) {
      thread.start();
    }
    return lanes;
  }

  /**
   * Returns the number of lanes for this machine: one per physical core of the process, or fewer if
   * a run has several threads; one on a GPU, whose runs must stay on one thread.
   *
   * @param threads threads of one run
   */
  public static int fitting(Provider provider, int threads) {
    if (!provider.equals(Provider.CPU)) {
      return 1;
    }
    int cores = Math.min(CpuDevice.cores(), Runtime.getRuntime().availableProcessors());
    return Math.max(1, cores / threads);
  }

  /** Returns the number of parts that run at the same time. */
  public int count() {
    return threads.length + 1;
  }

  /**
   * Runs all parts and returns when all have ended. If parts fail, the most severe failure is
   * thrown: an error, then a lost device, then a lack of memory. Engine thread only.
   */
  void run(int parts, Work parted) {
    if (parts <= 1 || threads.length == 0) {
      for (int part = 0; part < parts; part++) {
        parted.run(part, 0);
      }
      return;
    }
    begin(parts, parted);
    for (int part = claim(); part != NONE; part = claim()) {
      perform(part, 0);
    }
    await();
    work = NOTHING;
    rethrow(failure.getAndSet(null));
  }

  /** Returns whether a thread is one of these lanes. */
  boolean has(Thread thread) {
    return thread instanceof Lane lane && lane.owner() == this;
  }

  /** Ends the threads after the parts they have begun. Any thread. */
  @Override
  public void close() {
    closed = true;
    for (Lane thread : threads) {
      LockSupport.unpark(thread);
    }
  }

  private void begin(int parts, Work parted) {
    if (parts > MOST_PARTS) {
      throw new IllegalArgumentException("parts: must be at most " + MOST_PARTS + ", are " + parts);
    }
    unfinished.set(parts);
    work = parted;
    long number = (claims.get() >>> (2 * BITS)) + 1;
    claims.set((number << (2 * BITS)) | ((long) parts << BITS));
    for (int i = 0; i < threads.length && i < parts - 1; i++) {
      LockSupport.unpark(threads[i]);
    }
  }

  /**
   * Takes a part that no lane has taken. The work item does not change until the part has ended.
   */
  private int claim() {
    while (true) {
      long seen = claims.get();
      long next = seen & MOST_PARTS;
      if (next >= (seen >>> BITS & MOST_PARTS)) {
        return NONE;
      }
      if (claims.compareAndSet(seen, seen + 1)) {
        return (int) next;
      }
    }
  }

  private void perform(int part, int lane) {
    try {
      work.run(part, lane);
    } catch (Throwable fault) { // Rethrown on the engine thread when the other parts have ended.
      failure.accumulateAndGet(fault, Lanes::worse);
    }
    if (unfinished.decrementAndGet() == 0) {
      LockSupport.unpark(waiting);
    }
  }

  private void await() {
    for (int spins = 0; unfinished.get() > 0 && spins < SPINS; spins++) {
      Thread.onSpinWait();
    }
    if (unfinished.get() > 0) {
      waiting = Thread.currentThread();
      while (unfinished.get() > 0) {
        LockSupport.park(this);
      }
      waiting = null;
    }
  }

  private static Throwable worse(@Nullable Throwable before, @Nullable Throwable now) {
    if (before == null || now == null) {
      return before == null ? Objects.requireNonNull(now) : before;
    }
    return badness(now) > badness(before) ? now : before;
  }

  private static int badness(Throwable failure) {
    if (failure instanceof DeviceFailure device) {
      return switch (device.kind()) {
        case REFUSED -> 0;
        case OUT_OF_MEMORY -> 1;
        case LOST -> 2;
      };
    }
    return failure instanceof Error ? 4 : 3;
  }

  private static void rethrow(@Nullable Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof RuntimeException exception) {
      throw exception;
    }
  }

  /** A thread of a lane. */
  private final class Lane extends Thread {
    private final int lane;

    Lane(int lane) {
      super("lane-" + lane);
      this.lane = lane;
      setDaemon(true);
    }

    Lanes owner() {
      return Lanes.this;
    }

    @Override
    public void run() {
      while (!closed) {
        int part = claim();
        if (part == NONE) {
          LockSupport.park(Lanes.this);
        } else {
          perform(part, lane);
        }
      }
    }
  }
}
