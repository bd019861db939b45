package io.darkroom.bench;

/**
 * Time and images of renders with a cache or guidance in a part of the evaluations, compared with
 * the same renders without.
 *
 * @param members what the request has in addition
 * @param rounds number of rounds, whose medians are the figures
 * @param millisEach milliseconds of CPU time per image
 * @param speedUp time without over time with it
 * @param psnr mean of the images' PSNR in dB
 * @param lowest lowest PSNR of an image
 */
public record CacheFigure(
    String model,
    String members,
    int rounds,
    double millisEach,
    double speedUp,
    double psnr,
    double lowest) {}
