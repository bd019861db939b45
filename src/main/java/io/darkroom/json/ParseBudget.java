package io.darkroom.json;

import java.util.concurrent.Semaphore;

/**
 * Bounds the bytes that are being parsed at once: a tree takes many times the memory of its text,
 * and each thread may hold a message of the largest size. Small messages are parsed side by side,
 * one of the largest alone; threads that wait get their room in turn. Safe for use by many threads.
 */
final class ParseBudget {
  private final int most;
  private final Semaphore bytes;

  /** At most so many bytes at once; a longer message counts as so many. */
  ParseBudget(int most) {
    this.most = most;
    this.bytes = new Semaphore(most, true);
  }

  /** Makes something of bytes, and keeps nothing of their tree. */
  @FunctionalInterface
  interface Parser<T, E extends Exception> {
    T parse() throws E;
  }

  /** What the parser makes of so many bytes, as soon as there is room for them. */
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
