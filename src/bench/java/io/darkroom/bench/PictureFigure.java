package io.darkroom.bench;

/**
 * Pictures with the defaults of the package, from request to decoded picture in memory.
 *
 * @param together pictures rendered together
 * @param evaluations evaluations of the network per picture
 * @param perSecond pictures per second
 * @param millisEach milliseconds per picture
 */
public record PictureFigure(
    String model, int together, long evaluations, double perSecond, double millisEach) {}
