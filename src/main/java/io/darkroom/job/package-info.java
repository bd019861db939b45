/** Requests, outcomes and manifests as plain values. */
@org.jspecify.annotations.NullMarked
package io.darkroom.job;
