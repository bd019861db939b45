/**
 * The mathematics of diffusion, on {@code float[]} and without any framework. Here: the values that
 * all of it shares, such as levels, predictions, guidance and what a request says of its sampling.
 */
@org.jspecify.annotations.NullMarked
package io.darkroom.diffusion;
