/** The backlog of all workers of a group, and the number of workers that it needs. */
@org.jspecify.annotations.NullMarked
package io.darkroom.app.fleet;
