package io.darkroom.plan;

import io.darkroom.job.Size;

/**
 * What planning needs of the picture that a request gives: what its header says.
 *
 * @param size in pixels
 * @param readingBytes of the Java heap while it is read, at most
 */
public record InputFacts(Size size, long readingBytes) {}
