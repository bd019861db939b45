package io.darkroom.bench;

/**
 * Pictures a second on one lane, on several, and as many as raw calls side by side would give.
 *
 * @param together pictures that are rendered at once
 * @param lanes of the several
 * @param rounds in turn, of which the medians are taken
 * @param onePerSecond pictures on one lane
 * @param perSecond pictures on several
 * @param rawPerSecond pictures of raw calls, a thread for each lane, that never wait for one
 *     another
 * @param gain several to one
 * @param reached several to raw
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
