package io.darkroom.job;

/**
 * A small preview of one image of a request, stored as a file.
 *
 * @param index index of the image in the request
 * @param step number of finished steps of its schedule, from 1
 * @param uri address of the file
 * @param mediaType media type of the file
 * @param bytes length of the file
 */
public record Preview(
    int index, int step, String uri, String mediaType, int width, int height, long bytes) {}
