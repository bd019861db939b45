package io.darkroom.console;

/**
 * The updates of the live page that one reader receives.
 *
 * @param minutes since the first request
 * @param updates since the last figure
 * @param kilobytes of an update
 * @param meanMillis mean time of the server for an update, from the board to its bytes
 * @param mostMillis maximum of these times
 * @param heapMebibytes of the process after a collection, broker and publisher included
 */
public record ConsoleFigure(
    double minutes,
    int updates,
    double kilobytes,
    double meanMillis,
    double mostMillis,
    double heapMebibytes) {}
