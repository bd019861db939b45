package io.darkroom.bench;

/** Decides which waiting requests may join the running ones. */
enum Policy {
  /** Requests join and leave the batch between two evaluations, at any step. */
  CONTINUOUS("continuous batching") {
    @Override
    boolean admits(int rowsUnderWay, int rows, int mostRows, boolean open) {
      return true;
    }
  },
  /** Requests that fill a call join when none is running; finished requests leave, none join. */
  STATIC("static batching") {
    @Override
    boolean admits(int rowsUnderWay, int rows, int mostRows, boolean open) {
      return open && rowsUnderWay + rows <= mostRows;
    }
  },
  /** One request at a time. */
  NONE("no batching") {
    @Override
    boolean admits(int rowsUnderWay, int rows, int mostRows, boolean open) {
      return rowsUnderWay == 0;
    }
  };

  private final String label;

  Policy(String label) {
    this.label = label;
  }

  /**
   * Returns whether the next request may join.
   *
   * @param rowsUnderWay rows of all running requests
   * @param rows of the next request
   * @param mostRows maximum rows of a call
   * @param open whether none was running before this iteration
   */
  abstract boolean admits(int rowsUnderWay, int rows, int mostRows, boolean open);

  String label() {
    return label;
  }
}
