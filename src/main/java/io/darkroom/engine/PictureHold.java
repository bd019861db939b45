package io.darkroom.engine;

import java.util.Optional;

/**
 * A job's pictures as the engine counts them on the Java heap: from its first image until it ends
 * without any, or until they are released. Knows none of them itself. Safe for use by any thread.
 */
public final class PictureHold implements AutoCloseable {
  private final long bytes;
  private final Optional<StageInputs> inputs;
  private final Runnable closed;
  private volatile boolean over;

  /**
   * @param bytes of all the pictures
   * @param inputs the pictures that are read for them
   * @param closed runs when there is room again
   */
  PictureHold(long bytes, Optional<StageInputs> inputs, Runnable closed) {
    this.bytes = bytes;
    this.inputs = inputs;
    this.closed = closed;
  }

  /** As much as reading the inputs takes, as long as that is not done and takes more. */
  long bytes() {
    return Math.max(bytes, inputs.map(StageInputs::readingBytes).orElse(0L));
  }

  boolean over() {
    return over;
  }

  /** The pictures are let go: the engine may begin other jobs in their place. */
  @Override
  public void close() {
    over = true;
    closed.run();
  }
}
