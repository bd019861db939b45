package io.darkroom.plan;

import io.darkroom.job.Size;

/**
 * The facts of an input picture that planning needs, from its header.
 *
 * @param size size in pixels
 * @param readingBytes maximum bytes of the Java heap while it is read
 */
public record InputFacts(Size size, long readingBytes) {}
