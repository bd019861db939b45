package io.darkroom.bench;

/**
 * The loop with a network that only copies.
 *
 * @param latents shape of a sample
 * @param images number of running images, all guided
 * @param rounds number of complete renders; the figures are their medians
 * @param microsPerStep microseconds per step of one image: two evaluations, guidance, sampler,
 *     noise
 * @param microsPerEvaluation half of it
 * @param cpuMicrosPerStep the same in CPU time of the thread
 * @param bytesPerStep bytes allocated by a step of one image
 * @param bytesPerEvaluation half of it
 * @param bytesPerImage bytes allocated by begin and end of a render: its arrays
 */
public record LoopFigure(
    String latents,
    int images,
    int rounds,
    double microsPerStep,
    double microsPerEvaluation,
    double cpuMicrosPerStep,
    double bytesPerStep,
    double bytesPerEvaluation,
    double bytesPerImage) {}
