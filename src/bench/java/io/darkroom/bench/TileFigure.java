package io.darkroom.bench;

/**
 * A picture that is enlarged by tiles.
 *
 * @param result sides of the result
 * @param tiles number of tiles
 * @param seconds duration of the render
 * @param heapMebibytes maximum heap of the render after a collection
 * @param boundMebibytes heap that {@code HeapBytes} reserves for it
 * @param residentMebibytes maximum growth of the resident memory of the process; the memory outside
 *     the heap if the JVM touches its whole heap at its start
 * @param megapixels size of the result, in units of 2^20 pixels
 */
public record TileFigure(
    String result,
    int tiles,
    double seconds,
    double heapMebibytes,
    double boundMebibytes,
    double residentMebibytes,
    double megapixels) {

  /** Returns the heap of the render per megapixel of the result. */
  double heapPerMegapixel() {
    return heapMebibytes / megapixels;
  }

  /** Returns the growth of the resident memory per megapixel of the result. */
  double residentPerMegapixel() {
    return residentMebibytes / megapixels;
  }
}
