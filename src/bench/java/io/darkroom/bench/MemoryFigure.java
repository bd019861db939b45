package io.darkroom.bench;

/**
 * Resident memory of the process while packages are opened and closed.
 *
 * @param cycles number of cycles; in each, every package is opened, renders one picture and is
 *     closed
 * @param warmUp cycles before the counted ones
 * @param meanMegabytes mean resident memory of the counted cycles
 * @param growthPercent growth over the counted cycles by a fitted line, in percent of the mean
 * @param millisPerOpening milliseconds to open a package and render one picture
 */
public record MemoryFigure(
    String packages,
    int cycles,
    int warmUp,
    double meanMegabytes,
    double growthPercent,
    double millisPerOpening) {}
