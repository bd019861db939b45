package io.darkroom.render;

import java.util.HashSet;
import java.util.Set;

/**
 * The requests that this worker is settling, by their folder in the store. A second copy of a
 * request waits for the first one and then gets the stored result, so it is not rendered twice.
 * Safe for use by many threads.
 */
final class RunningRequests {
  private final Set<ObjectUri> folders = new HashSet<>();

  /** An entry for one request; close it when the request is settled. */
  final class Stay implements AutoCloseable {
    private final ObjectUri folder;

    private Stay(ObjectUri folder) {
      this.folder = folder;
    }

    @Override
    public void close() {
      leave(folder);
    }
  }

  /**
   * Waits until no other request of this folder is running.
   *
   * @throws IllegalStateException if the thread is interrupted because the worker ends
   */
  synchronized Stay enter(ObjectUri folder) {
    try {
      while (!folders.add(folder)) {
        wait();
      }
      return new Stay(folder);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while another request has the same id", stop);
    }
  }

  private synchronized void leave(ObjectUri folder) {
    folders.remove(folder);
    notifyAll();
  }
}
