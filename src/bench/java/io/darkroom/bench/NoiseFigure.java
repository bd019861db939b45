package io.darkroom.bench;

/**
 * What the loop costs beside a network that takes its time.
 *
 * @param latents shape of a sample
 * @param rows of a call, two to an image
 * @param networkMillis of a call
 * @param ahead whether other threads draw the noise meanwhile
 * @param besidesMicros of a turn of the engine, the network's time taken away
 * @param ratio the network's time to the turn's
 */
public record NoiseFigure(
    String latents,
    int rows,
    double networkMillis,
    boolean ahead,
    double besidesMicros,
    double ratio) {}
