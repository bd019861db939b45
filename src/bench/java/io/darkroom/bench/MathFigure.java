package io.darkroom.bench;

/**
 * Speed of arithmetic on a sample compared with an array copy, on one thread.
 *
 * @param what the operation: a sampler's update or a draw of normal numbers
 * @param elements elements of the sample
 * @param micros median microseconds of one operation
 * @param gigabytesPerSecond bytes that must be read and written: the sample, the network's output
 *     and the new sample for an update, the numbers for a draw, both arrays for a copy
 * @param ratio speed over that of a copy of the same size in the same run
 * @param elementsPerSecond in millions
 * @param bytesAllocated bytes allocated by one operation
 */
public record MathFigure(
    String what,
    int elements,
    double micros,
    double gigabytesPerSecond,
    double ratio,
    double elementsPerSecond,
    double bytesAllocated) {}
