package io.darkroom.image.format;

import com.google.auto.service.AutoService;
import io.darkroom.image.MagicBytes;
import io.darkroom.image.Medium;
import io.darkroom.image.OutputFormat;
import io.darkroom.image.Wav;
import io.darkroom.text.Sha256;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * WAV with 16-bit little-endian PCM, channels interleaved (Multimedia Programming Interface and
 * Data Specifications 1.0, Microsoft and IBM 1991). A value is clamped to [-1, 1], multiplied by
 * 32767 and rounded half to even.
 */
@AutoService(OutputFormat.class)
public final class WavFormat implements OutputFormat {
  private static final int HEADER_BYTES = 44;
  private static final int MOST_CHANNELS = 16;
  private static final short PCM = 1;
  private static final double SCALE = 32767;

  @Override
  public String name() {
    return "wav";
  }

  @Override
  public String mediaType() {
    return Wav.MEDIA_TYPE;
  }

  @Override
  public boolean recognizes(byte[] file) {
    return MagicBytes.match(file, 8, 'W', 'A', 'V', 'E');
  }

  @Override
  public boolean holds(Medium medium, int channels) {
    return medium.is(Medium.Kind.SOUND) && channels <= MOST_CHANNELS;
  }

  @Override
  public OptionalInt bits(Medium medium) {
    return OptionalInt.of(Short.SIZE);
  }

  @Override
  public Encoded encode(Result result) {
    int channels = result.channels();
    int length = result.values().length / channels;
    ByteBuffer file =
        ByteBuffer.allocate(HEADER_BYTES + Short.BYTES * result.values().length)
            .order(ByteOrder.LITTLE_ENDIAN);
    header(file, channels, result.medium().rate());
    for (int i = 0; i < length; i++) {
      for (int c = 0; c < channels; c++) {
        file.putShort(sample(result.values()[c * length + i]));
      }
    }
    byte[] bytes = file.array();
    byte[] pcm = Arrays.copyOfRange(bytes, HEADER_BYTES, bytes.length);
    return new Encoded(bytes, Sha256.of(pcm));
  }

  private static void header(ByteBuffer file, int channels, int sampleRate) {
    int frame = channels * Short.BYTES;
    int size = file.capacity() - HEADER_BYTES;
    file.put(ascii("RIFF")).putInt(HEADER_BYTES - 8 + size).put(ascii("WAVE"));
    file.put(ascii("fmt ")).putInt(16).putShort(PCM).putShort((short) channels);
    file.putInt(sampleRate).putInt(sampleRate * frame);
    file.putShort((short) frame).putShort((short) Short.SIZE);
    file.put(ascii("data")).putInt(size);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static short sample(float value) {
    double bounded = Math.min(1, Math.max(-1, (double) value));
    return (short) Math.rint(bounded * SCALE);
  }
}
