package io.darkroom.bench;

import java.util.OptionalDouble;

/**
 * How long a process takes to be of use.
 *
 * @param program what is started, and how
 * @param rounds of which the medians are
 * @param startedSeconds to Quarkus saying that it has started
 * @param startedCpuSeconds time on processors until then
 * @param readySeconds to taking requests: models loaded, warmed and tested; empty where it has none
 * @param pictureSeconds to the event of the first request, which waited before the start
 * @param pictureCpuSeconds time on processors until then
 */
public record StartFigure(
    String program,
    int rounds,
    double startedSeconds,
    double startedCpuSeconds,
    OptionalDouble readySeconds,
    OptionalDouble pictureSeconds,
    OptionalDouble pictureCpuSeconds) {}
