package io.darkroom.bench;

/**
 * CPU time of the loop in the first 2,000 iterations of a process.
 *
 * @param before iterations that were run before, network included
 * @param processes number of processes, whose medians are the figures
 * @param beforeMillis CPU time of these iterations
 * @param loopMillis CPU time of the next 2,000 iterations besides the network
 */
public record FirstTurnsFigure(int before, int processes, double beforeMillis, double loopMillis) {}
