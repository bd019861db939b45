/**
 * Noise levels: beta schedules and their curves, how sigmas and timesteps are spaced, and the
 * options that say so.
 */
@org.jspecify.annotations.NullMarked
package io.darkroom.diffusion.schedule;
