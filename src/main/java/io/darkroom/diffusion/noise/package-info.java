/**
 * Standard normal noise from a seed: the generators of PyTorch on a CPU and on CUDA, and one of
 * this project that every position can be drawn from alone.
 */
@org.jspecify.annotations.NullMarked
package io.darkroom.diffusion.noise;
