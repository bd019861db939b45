/** What is asked and how it ended: requests, outcomes, manifests. Plain values. */
@org.jspecify.annotations.NullMarked
package io.darkroom.job;
