package io.darkroom.bench;

/**
 * Pictures per second on one lane, on several lanes, and with parallel raw calls.
 *
 * @param together pictures that are rendered at once
 * @param lanes number of lanes
 * @param rounds number of rounds, whose medians are the figures
 * @param onePerSecond pictures per second on one lane
 * @param perSecond pictures per second on several lanes
 * @param rawPerSecond pictures per second of raw calls on one thread per lane, which do not wait
 *     for each other
 * @param gain several lanes over one
 * @param reached several lanes over raw calls
 */
public record LaneFigure(
    String model,
    int together,
    int lanes,
    int rounds,
    double onePerSecond,
    double perSecond,
    double rawPerSecond,
    double gain,
    double reached) {}
