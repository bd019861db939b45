package io.darkroom.bench;

/** Who of those that wait may join those that are under way. */
enum Policy {
  /** Anybody at any step. */
  BY_STEP {
    @Override
    boolean admits(int rowsUnderWay, int rows, int mostRows, boolean open) {
      return true;
    }
  },
  /** As many as fill a call, once nobody is under way; who is done leaves, nobody joins. */
  STATIC {
    @Override
    boolean admits(int rowsUnderWay, int rows, int mostRows, boolean open) {
      return open && rowsUnderWay + rows <= mostRows;
    }
  },
  /** One, once nobody is under way. */
  ONE_AT_A_TIME {
    @Override
    boolean admits(int rowsUnderWay, int rows, int mostRows, boolean open) {
      return rowsUnderWay == 0;
    }
  };

  /**
   * Whether the next one may join.
   *
   * @param rowsUnderWay of all that joined
   * @param rows of the next
   * @param mostRows of a call
   * @param open whether nobody was under way before this turn
   */
  abstract boolean admits(int rowsUnderWay, int rows, int mostRows, boolean open);

  String label() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
  }
}
