/** Facts about all workers of a group together: their backlog, and how many workers are needed. */
@org.jspecify.annotations.NullMarked
package io.darkroom.app.fleet;
