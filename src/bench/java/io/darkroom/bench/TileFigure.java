package io.darkroom.bench;

/**
 * A picture that is enlarged by tiles.
 *
 * @param result sides of the result
 * @param tiles of the picture
 * @param seconds of the render
 * @param heapMebibytes that the render held at most, after a collection
 * @param boundMebibytes what {@code HeapBytes} says of it
 * @param residentMebibytes of the process beyond what it had before, at most
 */
public record TileFigure(
    String result,
    int tiles,
    double seconds,
    double heapMebibytes,
    double boundMebibytes,
    double residentMebibytes) {}
