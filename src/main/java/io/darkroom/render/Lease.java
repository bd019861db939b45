package io.darkroom.render;

/**
 * The right of this worker to settle the record of a request. After the partition has moved to
 * another worker, this worker must not publish an outcome for the record. Safe for use by many
 * threads.
 */
public interface Lease {
  /** A lease that is never lost, for requests that do not come from a topic. */
  Lease PERMANENT =
      new Lease() {
        @Override
        public boolean lost() {
          return false;
        }

        @Override
        public void onLost(Runnable action) {}
      };

  /** Returns whether another worker may have the record by now. */
  boolean lost();

  /**
   * Runs an action when the lease is lost, or immediately if it is already lost. The action must be
   * quick. It must have no effect if it runs after the request has ended.
   */
  void onLost(Runnable action);

  /** Another worker has the record, so this worker must not publish an outcome. */
  final class Lost extends Unsettled {
    private static final long serialVersionUID = 1L;

    public Lost(String source) {
      super("the partition moved to another worker: " + source);
    }
  }
}
