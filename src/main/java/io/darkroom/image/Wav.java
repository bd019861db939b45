package io.darkroom.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes and reads WAV files with 16-bit PCM or 32-bit IEEE float, little-endian. */
public final class Wav {
  /** The media type of sounds. */
  public static final String MEDIA_TYPE = "audio/wav";

  /** Format tag of PCM. */
  private static final short PCM = 1;

  /** Format tag of IEEE float; such a file has a size of extensions and the chunk {@code fact}. */
  private static final short FLOAT = 3;

  private static final int RIFF_BYTES = 12;
  private static final int CHUNK_BYTES = 8;
  private static final int FORMAT_BYTES = 16;

  private Wav() {}

  /**
   * Returns a file.
   *
   * @param samples channels interleaved, shorts or floats, little-endian
   * @param rate samples per second
   * @param floating whether the samples are floats
   */
  public static byte[] write(byte[] samples, int channels, int rate, boolean floating) {
    int format = FORMAT_BYTES + (floating ? Short.BYTES : 0);
    int fact = floating ? CHUNK_BYTES + Integer.BYTES : 0;
    int bytes = floating ? Float.BYTES : Short.BYTES;
    int size = RIFF_BYTES + CHUNK_BYTES + format + fact + CHUNK_BYTES + samples.length;
    ByteBuffer file = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    file.put(ascii("RIFF")).putInt(size - CHUNK_BYTES).put(ascii("WAVE"));
    file.put(ascii("fmt ")).putInt(format).putShort(floating ? FLOAT : PCM);
    file.putShort((short) channels).putInt(rate).putInt(rate * channels * bytes);
    file.putShort((short) (channels * bytes)).putShort((short) (Byte.SIZE * bytes));
    if (floating) {
      file.putShort((short) 0);
      file.put(ascii("fact")).putInt(Integer.BYTES).putInt(samples.length / (channels * bytes));
    }
    return file.put(ascii("data")).putInt(samples.length).put(samples).array();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Returns the bytes of the samples, with interleaved channels.
   *
   * @throws MalformedWav if the bytes are not such a file, or samples are missing
   */
  public static byte[] sampleBytes(byte[] file) throws MalformedWav {
    return read(file).bytes();
  }

  /**
   * Returns the samples, with interleaved channels: -32768 to 32767 if they have 16 bits, else
   * float numbers.
   *
   * @throws MalformedWav if the bytes are not such a file, or samples are missing
   */
  public static double[] samples(byte[] file) throws MalformedWav {
    Data data = read(file);
    ByteBuffer bytes = ByteBuffer.wrap(data.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    double[] samples =
        new double[data.bytes().length / (data.floating() ? Float.BYTES : Short.BYTES)];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = data.floating() ? bytes.getFloat() : bytes.getShort();
    }
    return samples;
  }

  @SuppressWarnings("ArrayRecordComponent") // bytes of a file, never compared
  private record Data(boolean floating, byte[] bytes) {}

  private static Data read(byte[] file) throws MalformedWav {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    boolean begins =
        file.length >= RIFF_BYTES
            && MagicBytes.match(file, 0, 'R', 'I', 'F', 'F')
            && MagicBytes.match(file, CHUNK_BYTES, 'W', 'A', 'V', 'E');
    check(begins, "must be a WAV file");
    int at = RIFF_BYTES;
    int sampleBytes = 0;
    while (true) {
      check(file.length - at >= CHUNK_BYTES, "must be a complete WAV file");
      long size = Integer.toUnsignedLong(bytes.getInt(at + Integer.BYTES));
      int begin = at + CHUNK_BYTES;
      check(size <= file.length - begin, "must be a complete WAV file");
      if (MagicBytes.match(file, at, 'd', 'a', 't', 'a')) {
        boolean known = sampleBytes > 0 && size % sampleBytes == 0;
        check(known, "must be a WAV file with 16-bit PCM or 32-bit float");
        return new Data(
            sampleBytes == Float.BYTES, Arrays.copyOfRange(file, begin, begin + (int) size));
      }
      if (MagicBytes.match(file, at, 'f', 'm', 't', ' ') && size >= FORMAT_BYTES) {
        sampleBytes = sampleBytes(bytes.getShort(begin), bytes.getShort(begin + FORMAT_BYTES - 2));
      }
      at = (int) Math.min(file.length, begin + size + size % 2);
    }
  }

  /** Returns the bytes of a sample; 0 for other formats. */
  private static int sampleBytes(short tag, short bits) {
    if (tag == FLOAT && bits == Float.SIZE) {
      return Float.BYTES;
    }
    return tag == PCM && bits == Short.SIZE ? Short.BYTES : 0;
  }

  private static void check(boolean condition, String rule) throws MalformedWav {
    if (!condition) {
      throw new MalformedWav(rule);
    }
  }
}
