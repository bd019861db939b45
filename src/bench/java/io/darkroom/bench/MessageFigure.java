package io.darkroom.bench;

/**
 * Throughput from the topic of requests over the store to the topic of events.
 *
 * @param program the worker or a hand-written loop
 * @param rounds number of rounds; the figures are their medians
 * @param messages messages per round
 * @param perSecond messages per second from the first publication to the last event
 * @param cpuMillisPerMessage CPU time of the program's process
 * @param toPlainLoop messages per second over those of the plain loop, of each round
 */
public record MessageFigure(
    String program,
    int rounds,
    int messages,
    double perSecond,
    double cpuMillisPerMessage,
    double toPlainLoop) {}
