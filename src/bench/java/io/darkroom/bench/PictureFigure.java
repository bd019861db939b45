package io.darkroom.bench;

/**
 * Pictures by the package's own defaults, from request to decoded picture in memory.
 *
 * @param together pictures under way at once
 * @param evaluations of the network for a picture
 * @param perSecond pictures
 * @param millisEach of one picture, on the whole
 */
public record PictureFigure(
    String model, int together, long evaluations, double perSecond, double millisEach) {}
