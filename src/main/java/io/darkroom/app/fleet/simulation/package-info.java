/** Fleets in theory: what rules of scaling do to waits and costs. */
@org.jspecify.annotations.NullMarked
package io.darkroom.app.fleet.simulation;
