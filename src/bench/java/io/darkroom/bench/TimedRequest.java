package io.darkroom.bench;

import io.darkroom.engine.StageJob;

/**
 * A request of a trace.
 *
 * @param nanos time of its arrival on the clock of the trace
 */
record TimedRequest(long nanos, StageJob job) {

  /** Rows of one evaluation. */
  int rows() {
    return job.stage().guidance().mostRows();
  }

  TimedRequest at(long moment) {
    return new TimedRequest(moment, job);
  }
}
