package io.darkroom.app.cli;

import io.darkroom.image.AnimatedPngReader;
import io.darkroom.image.DeepPngReader;
import io.darkroom.image.MalformedNpy;
import io.darkroom.image.MalformedWav;
import io.darkroom.image.Npy;
import io.darkroom.image.UnreadablePicture;
import io.darkroom.image.Wav;
import java.util.Optional;
import java.util.stream.IntStream;

/** Reads the numbers of results that are no pictures with 8 bits. */
final class StoredNumbers {
  private static final int MAX_BYTES = 1 << 30;
  private static final long MAX_PIXELS = 1L << 28;

  private StoredNumbers() {}

  /**
   * Returns the numbers of an NPY file, the samples of a WAV file or those of a PNG file with 16
   * bits or with several frames; empty if the file is another one, or damaged.
   */
  static Optional<double[]> read(String mediaType, byte[] file) {
    try {
      return switch (mediaType) {
        case Npy.MEDIA_TYPE -> Optional.of(Npy.read(file, MAX_BYTES).doubles());
        case Wav.MEDIA_TYPE -> Optional.of(Wav.samples(file));
        default -> ofPng(file);
      };
    } catch (MalformedNpy | MalformedWav | UnreadablePicture other) {
      return Optional.empty();
    }
  }

  private static Optional<double[]> ofPng(byte[] file) throws UnreadablePicture {
    Optional<byte[]> frames = AnimatedPngReader.read(file, MAX_PIXELS);
    return frames.isPresent()
        ? frames.map(StoredNumbers::doubles)
        : DeepPngReader.read(file, MAX_PIXELS).map(StoredNumbers::doubles);
  }

  private static double[] doubles(byte[] samples) {
    return IntStream.range(0, samples.length).mapToDouble(i -> samples[i] & 0xff).toArray();
  }

  private static double[] doubles(float[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
  }
}
