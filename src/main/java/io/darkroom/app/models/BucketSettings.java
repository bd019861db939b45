package io.darkroom.app.models;

import io.darkroom.render.RetryPolicy;
import java.nio.file.Path;

/**
 * How packages are read from buckets.
 *
 * @param cache folder for downloaded packages
 * @param cacheBytes maximum bytes of the packages in it
 * @param listing delays between tries to list a prefix; after the last one the prefix is not usable
 * @param reading delays between tries to read a file; after the last one its package is broken
 */
public record BucketSettings(
    Path cache, long cacheBytes, RetryPolicy listing, RetryPolicy reading) {}
