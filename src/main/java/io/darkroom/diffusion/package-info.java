/**
 * The mathematics of diffusion on {@code float[]}, without any framework. This package holds the
 * shared values: levels, predictions, guidance, and a request's sampling settings.
 */
@org.jspecify.annotations.NullMarked
package io.darkroom.diffusion;
