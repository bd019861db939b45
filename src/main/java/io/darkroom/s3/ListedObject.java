package io.darkroom.s3;

/**
 * An object in a listing.
 *
 * @param key the key as the store gives it, unchecked
 * @param bytes its length
 * @param etag its entity tag, which changes with the content; empty if the store gives none
 */
public record ListedObject(String key, long bytes, String etag) {}
