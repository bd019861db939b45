package io.darkroom.engine;

/**
 * A job's pictures as the engine counts them on the Java heap: from its first image until it ends
 * without any, or until whoever took them has let go of them. Knows none of them itself. Safe for
 * use by any thread.
 */
public final class PictureHold implements AutoCloseable {
  private final long bytes;
  private final Runnable closed;
  private volatile boolean over;

  /**
   * @param bytes of all the pictures
   * @param closed told when there is room again
   */
  PictureHold(long bytes, Runnable closed) {
    this.bytes = bytes;
    this.closed = closed;
  }

  long bytes() {
    return bytes;
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
