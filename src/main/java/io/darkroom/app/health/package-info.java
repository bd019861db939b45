/** Liveness, readiness and startup checks. */
@org.jspecify.annotations.NullMarked
package io.darkroom.app.health;
