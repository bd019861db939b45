package io.darkroom.bench;

/**
 * Memory of a worker at full load.
 *
 * @param minutes minutes since it began to consume requests
 * @param requests requests completed until then
 * @param heapMebibytes heap in use after a collection
 * @param residentMebibytes resident memory of the process
 */
public record SoakFigure(
    double minutes, int requests, double heapMebibytes, double residentMebibytes) {}
