/** The worker: configuration, composition and life cycle. */
@org.jspecify.annotations.NullMarked
package io.darkroom.app;
