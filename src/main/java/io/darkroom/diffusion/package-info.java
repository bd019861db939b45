/**
 * The mathematics of diffusion, on {@code float[]} and without any framework: noise curves, levels,
 * schedules, samplers, predictions, guidance and noise.
 */
@org.jspecify.annotations.NullMarked
package io.darkroom.diffusion;
