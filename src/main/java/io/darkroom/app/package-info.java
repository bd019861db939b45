/** The worker: configuration, wiring and life cycle. */
@org.jspecify.annotations.NullMarked
package io.darkroom.app;
