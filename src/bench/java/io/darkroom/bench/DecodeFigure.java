package io.darkroom.bench;

/**
 * Large latents that are decoded once.
 *
 * @param latents shape of the latents
 * @param tile latents per side of a tile; empty text if they are decoded as a whole
 * @param seconds duration of the decoding
 * @param mebibytes maximum growth of the resident memory of the process
 */
public record DecodeFigure(String latents, String tile, double seconds, double mebibytes) {}
