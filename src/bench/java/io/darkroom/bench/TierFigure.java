package io.darkroom.bench;

/**
 * Whether a package fulfils the promise of a tier on this machine.
 *
 * @param kept whether it was loaded
 * @param rows allowed rows of calls, or the reason why it was not loaded
 * @param device name of the device, if it was loaded
 * @param sha256 digest of the denoising network's output for fixed inputs
 */
public record TierFigure(
    String model,
    String provider,
    String tier,
    boolean kept,
    String rows,
    String device,
    String sha256) {}
