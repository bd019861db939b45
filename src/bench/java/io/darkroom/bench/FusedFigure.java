package io.darkroom.bench;

/**
 * CPU time of a network as exported and with fused attention.
 *
 * @param fused what is fused; empty if nothing is
 * @param rows rows of a call
 * @param rounds number of rounds, whose medians are the figures
 * @param millis milliseconds per row of a call as exported, with the loop around it
 * @param fusedMillis milliseconds per row with fused attention
 * @param gain median of the ratio of both in a round
 */
public record FusedFigure(
    String model,
    String fused,
    int rows,
    int rounds,
    double millis,
    double fusedMillis,
    double gain) {}
