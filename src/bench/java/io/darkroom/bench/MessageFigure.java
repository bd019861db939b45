package io.darkroom.bench;

/**
 * Requests brought from one topic to another by way of the store.
 *
 * @param program the worker, or a loop written by hand
 * @param rounds of which the medians are
 * @param messages of a round
 * @param perSecond from the first publication to the last event
 * @param cpuMillisPerMessage of the program's process on processors
 * @param toPlainLoop messages a second beside those of the plain loop, round by round
 */
public record MessageFigure(
    String program,
    int rounds,
    int messages,
    double perSecond,
    double cpuMillisPerMessage,
    double toPlainLoop) {}
