/** Metrics and traces of the worker, and the log line of each request. */
@org.jspecify.annotations.NullMarked
package io.darkroom.app.metrics;
