package io.darkroom.bench;

/**
 * A worker's memory while it has as much to do as it can.
 *
 * @param minutes since it took requests
 * @param requests done until then
 * @param heapMebibytes used after a collection
 * @param residentMebibytes of the process
 */
public record SoakFigure(
    double minutes, int requests, double heapMebibytes, double residentMebibytes) {}
