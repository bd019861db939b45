package io.darkroom.bench;

/**
 * One row of a network compared with the output that its exporter stored.
 *
 * @param precision type of the network's inputs and outputs
 * @param largest largest absolute value of the exporter's output
 * @param difference largest difference
 * @param relative difference over the largest value
 * @param millis milliseconds of the call, the first of its shape
 */
public record ReferenceFigure(
    String model,
    String provider,
    String precision,
    double largest,
    double difference,
    double relative,
    double millis) {}
