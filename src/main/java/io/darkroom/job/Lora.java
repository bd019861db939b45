package io.darkroom.job;

/**
 * An adapter that a request puts on a network.
 *
 * @param model name of the adapter in the package
 * @param scale factor of its change of the weights
 */
public record Lora(String model, double scale) {}
