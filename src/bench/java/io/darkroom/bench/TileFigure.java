package io.darkroom.bench;

/**
 * A picture that is enlarged by tiles.
 *
 * @param result sides of the result
 * @param tiles number of tiles
 * @param seconds duration of the render
 * @param heapMebibytes maximum heap of the render after a collection
 * @param boundMebibytes heap that {@code HeapBytes} reserves for it
 * @param residentMebibytes maximum growth of the resident memory of the process
 */
public record TileFigure(
    String result,
    int tiles,
    double seconds,
    double heapMebibytes,
    double boundMebibytes,
    double residentMebibytes) {}
