package io.darkroom.bench;

/**
 * Whether a package keeps what a tier promises, here.
 *
 * @param kept whether it was loaded
 * @param rows that calls may have; why it was not loaded where it was not
 * @param device its name, where it was loaded
 * @param sha256 of what its denoising network gives for fixed inputs
 */
public record TierFigure(
    String model,
    String provider,
    String tier,
    boolean kept,
    String rows,
    String device,
    String sha256) {}
