package io.darkroom.engine;

import io.darkroom.diffusion.noise.NoiseSource;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A source of noise whose next draw another thread can make in advance, while the network runs. A
 * draw depends only on the draws before it, so the numbers are the same. The owner's thread calls
 * {@link #want} and {@link #fill}, any thread may call {@link #run}. If a draw has not begun when
 * it is needed, the owner makes it.
 */
final class NoiseAhead implements NoiseSource, Runnable {
  private static final int NOTHING = 0;
  private static final int WANTED = 1;
  private static final int BEGUN = 2;
  private static final int READY = 3;
  private static final int FAILED = 4;
  private static final int SPINS = 2000;
  private static final long PAUSE_NANOS = 20_000;

  private final NoiseSource source;
  private final float[] ahead;
  private final AtomicInteger state = new AtomicInteger(NOTHING);

  /**
   * Creates a source that draws from another one; only this object may use the other one.
   *
   * @param size size of the draws that are made in advance
   */
  NoiseAhead(NoiseSource source, int size) {
    this.source = source;
    this.ahead = new float[size];
  }

  /**
   * Announces that the next draw has the size of this source.
   *
   * @return whether {@link #run} must still make it
   */
  boolean want() {
    return state.compareAndSet(NOTHING, WANTED);
  }

  /** Makes the announced draw, unless it is already made or begun. */
  @Override
  public void run() {
    if (state.compareAndSet(WANTED, BEGUN)) {
      int end = FAILED;
      try {
        source.fill(ahead);
        end = READY;
      } finally {
        state.set(end);
      }
    }
  }

  @Override
  public void fill(float[] out) {
    if (state.get() == NOTHING || state.compareAndSet(WANTED, NOTHING)) {
      source.fill(out);
      return;
    }
    await();
    if (state.get() == FAILED) {
      throw new IllegalStateException("noise: a draw ahead failed");
    }
    if (out.length != ahead.length) {
      throw new IllegalStateException(
          "noise: a draw of " + ahead.length + " was announced, not of " + out.length);
    }
    System.arraycopy(ahead, 0, out, 0, out.length);
    state.set(NOTHING);
  }

  /** Call it only while no draw is announced. */
  @Override
  public void fillShared(float[] out) {
    source.fillShared(out);
  }

  /** Call it only while no draw is announced. */
  @Override
  public void skip(int draws, long size) {
    source.skip(draws, size);
  }

  /**
   * Waits for a draw that has begun, by spinning: it takes less time than a sleep, unless its
   * thread has no processor.
   */
  private void await() {
    for (int spins = 0; state.get() == BEGUN; spins++) {
      if (spins < SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }
}
