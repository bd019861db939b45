/** From a request and a model's card to everything decided. Pure: no clock, no chance, no I/O. */
@org.jspecify.annotations.NullMarked
package io.darkroom.plan;
