package io.darkroom.render;

/**
 * Whether this worker still holds the record of a request. After its partition moved to another
 * worker, this worker must not announce an outcome for it. Safe for use by many threads.
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

  /** Whether another worker may have the record by now. */
  boolean lost();

  /**
   * Runs an action as soon as the lease is lost, or immediately if it is already lost. The action
   * must be quick, and harmless when it runs after the request has ended.
   */
  void onLost(Runnable action);

  /** Another worker has the record: this one must not announce an outcome. */
  final class Lost extends Unsettled {
    private static final long serialVersionUID = 1L;

    public Lost(String source) {
      super("the partition moved to another worker: " + source);
    }
  }
}
