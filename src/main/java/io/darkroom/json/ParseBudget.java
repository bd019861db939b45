package io.darkroom.json;

import java.util.concurrent.Semaphore;

/**
 * Limits the bytes that are parsed at the same time, because a tree needs many times the memory of
 * its text. Small messages are parsed concurrently, a message of the largest size alone. Waiting
 * threads are served in order. Safe for use by many threads.
 */
final class ParseBudget {
  private final int most;
  private final Semaphore bytes;

  /** Creates a budget of {@code most} bytes; a longer message counts as {@code most}. */
  ParseBudget(int most) {
    this.most = most;
    this.bytes = new Semaphore(most, true);
  }

  /** Parses bytes into a result that does not keep the tree. */
  @FunctionalInterface
  interface Parser<T, E extends Exception> {
    T parse() throws E;
  }

  /** Waits until {@code length} bytes are free, then runs the parser and returns its result. */
  <T, E extends Exception> T within(int length, Parser<T, E> parser) throws E {
    int share = Math.min(length, most);
    bytes.acquireUninterruptibly(share);
    try {
      return parser.parse();
    } finally {
      bytes.release(share);
    }
  }
}
