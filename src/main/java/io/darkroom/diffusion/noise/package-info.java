/**
 * Standard normal noise from a seed: PyTorch's generators for CPU and CUDA, and Darkroom's own,
 * which can generate any position alone.
 */
@org.jspecify.annotations.NullMarked
package io.darkroom.diffusion.noise;
