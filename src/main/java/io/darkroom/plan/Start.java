package io.darkroom.plan;

import io.darkroom.job.Size;

/**
 * What a stage starts from.
 *
 * @param base size of the small picture (super-resolution) or of the result (generation)
 * @param readingBytes of the Java heap while that picture is read, at most; 0 where there is none
 */
public record Start(Size base, long readingBytes) {}
