package io.darkroom.engine;

import java.util.List;

/** Contenders that can share a call, as the policy sees them. */
interface Line {

  /** Who waits; the policy puts them in the order in which they are served. */
  List<? extends Contender> contenders();

  /** When it was called last, on the engine's clock. */
  long lastCallNanos();

  /** Most rows of one call, 2 or more. */
  int mostRows();
}
