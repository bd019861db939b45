package io.darkroom.job;

/**
 * A small picture of what one of a request's pictures will be, as a file in the store.
 *
 * @param index of the picture in the request, as its output's
 * @param step of its schedule that it was made after, from 1
 * @param uri where it is
 * @param mediaType of the file
 * @param bytes of the file
 */
public record Preview(
    int index, int step, String uri, String mediaType, int width, int height, long bytes) {}
