/** What concerns all workers together: what waits for them, and how many there should be. */
@org.jspecify.annotations.NullMarked
package io.darkroom.app.fleet;
