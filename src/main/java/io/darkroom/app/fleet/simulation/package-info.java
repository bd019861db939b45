/** Simulates fleets to compare the waits and costs of scaling rules. */
@org.jspecify.annotations.NullMarked
package io.darkroom.app.fleet.simulation;
