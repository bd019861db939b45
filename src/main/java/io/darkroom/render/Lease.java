package io.darkroom.render;

/**
 * Whether this worker still holds the record of a request. A record whose partition moved to
 * another worker is that worker's: what is still computed for it here must not be announced. Safe
 * for use by many threads.
 */
public interface Lease {
  /** A lease that is never lost, of requests that came from no topic. */
  Lease PERMANENT =
      new Lease() {
        @Override
        public boolean lost() {
          return false;
        }

        @Override
        public void onLost(Runnable action) {}
      };

  /** Whether another worker may have the record by now. */
  boolean lost();

  /**
   * Runs an action as soon as the lease is lost; now, where it is lost already. The action must be
   * quick, and harmless when it runs after the request has ended.
   */
  void onLost(Runnable action);

  /** The record of this request is another worker's: there is no outcome to announce. */
  final class Lost extends Unsettled {
    private static final long serialVersionUID = 1L;

    public Lost(String source) {
      super("the partition moved to another worker: " + source);
    }
  }
}
