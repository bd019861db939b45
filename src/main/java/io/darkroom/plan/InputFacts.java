package io.darkroom.plan;

import io.darkroom.job.Size;

/**
 * The facts of an input picture that planning needs, from its header.
 *
 * @param size in pixels
 * @param readingBytes of the Java heap while it is read, at most
 */
public record InputFacts(Size size, long readingBytes) {}
