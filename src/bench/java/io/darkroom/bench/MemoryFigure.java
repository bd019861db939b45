package io.darkroom.bench;

/**
 * Resident memory of the process while packages take turns.
 *
 * @param cycles in each of which every package was opened, rendered one picture and was closed
 * @param warmUp cycles before those that are counted
 * @param meanMegabytes resident, over the cycles counted
 * @param growthPercent of the mean over all cycles counted, by the line fitted to them
 * @param millisPerOpening of a package with one picture
 */
public record MemoryFigure(
    String packages,
    int cycles,
    int warmUp,
    double meanMegabytes,
    double growthPercent,
    double millisPerOpening) {}
