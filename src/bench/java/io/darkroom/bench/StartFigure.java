package io.darkroom.bench;

import java.util.OptionalDouble;

/**
 * Duration of the start of a process.
 *
 * @param program the program and the way of its start
 * @param rounds number of starts; the figures are their medians
 * @param startedSeconds seconds until Quarkus logs that it has started
 * @param startedCpuSeconds CPU time until then
 * @param readySeconds seconds until it consumes requests: models loaded, warmed up and tested;
 *     empty for an empty application
 * @param pictureSeconds seconds until the event of the first request, which was published before
 *     the start
 * @param pictureCpuSeconds CPU time until then
 * @param residentMebibytes resident memory then
 */
public record StartFigure(
    String program,
    int rounds,
    double startedSeconds,
    double startedCpuSeconds,
    OptionalDouble readySeconds,
    OptionalDouble pictureSeconds,
    OptionalDouble pictureCpuSeconds,
    OptionalDouble residentMebibytes) {}
