/**
 * Samplers: one file for each diffusers scheduler class, the parts that several share, and the
 * trajectory of one image from noise to result.
 */
@org.jspecify.annotations.NullMarked
package io.darkroom.diffusion.sampler;
