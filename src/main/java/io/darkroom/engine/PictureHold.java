package io.darkroom.engine;

import java.util.Optional;

/**
 * The heap that the engine reserves for the pictures of a job: from the start of the job until it
 * ends without pictures or they are released. It has no reference to the pictures. Safe for use by
 * any thread.
 */
public final class PictureHold implements AutoCloseable {
  private final long bytes;
  private final Optional<StageInputs> inputs;
  private final Runnable closed;
  private volatile boolean over;

  /**
   * @param bytes size of all pictures
   * @param inputs input pictures that are read for them
   * @param closed called when the memory is released
   */
  PictureHold(long bytes, Optional<StageInputs> inputs, Runnable closed) {
    this.bytes = bytes;
    this.inputs = inputs;
    this.closed = closed;
  }

  /** Returns the reserved bytes; while the inputs are being read, at least the memory for that. */
  long bytes() {
    return Math.max(bytes, inputs.map(StageInputs::readingBytes).orElse(0L));
  }

  boolean over() {
    return over;
  }

  /** Releases the memory for other jobs. */
  @Override
  public void close() {
    over = true;
    closed.run();
  }
}
