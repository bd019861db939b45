package io.darkroom.bench;

/**
 * The loop with a network that costs nothing.
 *
 * @param latents shape of a sample
 * @param images under way together, all guided
 * @param rounds whole renders of which the medians are
 * @param microsPerStep of one image: two evaluations, guidance, sampler, noise
 * @param microsPerEvaluation half of it
 * @param cpuMicrosPerStep the same, of the thread's time on a processor
 * @param bytesPerStep allocated by a step of one image
 * @param bytesPerEvaluation half of it
 * @param bytesPerImage allocated by beginning and end of an image's render: its arrays
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
