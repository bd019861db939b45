package io.darkroom.bench;

/**
 * One row of a network beside what its exporter gave for it.
 *
 * @param precision of the network's doors
 * @param largest absolute value of the exporter's
 * @param difference the largest
 * @param relative difference to the largest value
 * @param millis of the one call, the first of its shape
 */
public record ReferenceFigure(
    String model,
    String provider,
    String precision,
    double largest,
    double difference,
    double relative,
    double millis) {}
