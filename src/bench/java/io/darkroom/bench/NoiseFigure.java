package io.darkroom.bench;

/**
 * Cost of the loop in addition to a network with a fixed duration.
 *
 * @param latents shape of a sample
 * @param rows rows per call, two per image
 * @param networkMillis milliseconds of a call
 * @param ahead whether other threads draw the noise during the call
 * @param besidesMicros microseconds of an iteration without the network's time
 * @param ratio the network's time over that of the iteration
 */
public record NoiseFigure(
    String latents,
    int rows,
    double networkMillis,
    boolean ahead,
    double besidesMicros,
    double ratio) {}
