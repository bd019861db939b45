/** The program: configuration, wiring, life cycle, health, metrics and commands. */
@org.jspecify.annotations.NullMarked
package io.darkroom.app;
