/**
 * Noise levels: beta schedules and their curves, the spacing of sigmas and timesteps, and the
 * options for them.
 */
@org.jspecify.annotations.NullMarked
package io.darkroom.diffusion.schedule;
