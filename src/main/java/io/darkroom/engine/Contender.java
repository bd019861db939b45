package io.darkroom.engine;

/** Something that waits for its turn, as the policy sees it. */
interface Contender {

  /** Its priority, 0 to 9, with the levels that it keeps from earlier waiting. */
  int level();

  /** Since when, on the engine's clock. */
  long waitingSinceNanos();

  /** When it is of no use any more, on the engine's clock; the latest there is where never. */
  long deadlineNanos();

  /** Time of the calls that it still needs, as measured; 0 where nothing is known yet. */
  long workNanos();

  /** Its place among all, by the time at which they came. */
  long order();

  /** Rows of one call that it takes, all or none. */
  int rows();
}
