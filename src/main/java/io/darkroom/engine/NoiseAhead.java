package io.darkroom.engine;

import io.darkroom.diffusion.noise.NoiseSource;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A source of noise whose next draw can be made beforehand by another thread, while the network
 * runs: a draw depends on nothing but the draws before it, so the numbers are the same. {@link
 * #want} and {@link #fill} belong to the owner's thread, {@link #run} to any; a draw that has not
 * begun when it is needed is made by the owner.
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
   * A source over another, which is used by this one alone.
   *
   * @param size of the draws that are made beforehand
   */
  NoiseAhead(NoiseSource source, int size) {
    this.source = source;
    this.ahead = new float[size];
  }

  /**
   * Says that the next draw will be one of the size given.
   *
   * @return whether it is still to be made, by {@link #run}
   */
  boolean want() {
    return state.compareAndSet(NOTHING, WANTED);
  }

  /** Makes the draw that is wanted, unless that is done or begun. */
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

  /** To be called while no draw is wanted. */
  @Override
  public void skip(int draws, int size) {
    source.skip(draws, size);
  }

  /** A draw that is begun takes less than a thread's sleep, unless its thread has no processor. */
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
