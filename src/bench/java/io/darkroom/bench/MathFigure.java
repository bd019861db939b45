package io.darkroom.bench;

/**
 * How fast arithmetic on a sample goes beside a plain array copy, on one thread.
 *
 * @param what is done, a sampler's update or a draw of normal numbers
 * @param elements of the sample
 * @param micros median of one
 * @param gigabytesPerSecond of what must be read and written: the sample, the network's output and
 *     the sample again for an update, the numbers for a draw, both arrays for a copy
 * @param ratio to the copy's, of the same size in the same run
 * @param elementsPerSecond in millions
 * @param bytesAllocated by one
 */
public record MathFigure(
    String what,
    int elements,
    double micros,
    double gigabytesPerSecond,
    double ratio,
    double elementsPerSecond,
    double bytesAllocated) {}
