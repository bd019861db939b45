package io.darkroom.image.format;

import com.google.auto.service.AutoService;
import io.darkroom.image.MagicBytes;
import io.darkroom.image.Medium;
import io.darkroom.image.OutputFormat;
import io.darkroom.image.Wav;
import io.darkroom.text.Sha256;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * WAV, little-endian, channels interleaved (Multimedia Programming Interface and Data
 * Specifications 1.0, Microsoft and IBM 1991): 16-bit PCM, or 32-bit IEEE float on request. For 16
 * bits a value is clamped to [-1, 1], multiplied by 32767 and rounded half to even; float values
 * are stored unchanged.
 */
@AutoService(OutputFormat.class)
public final class WavFormat implements OutputFormat {
  private static final int MOST_CHANNELS = 16;
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
  public List<Integer> bits(Medium medium) {
    return List.of(Short.SIZE, Float.SIZE);
  }

  @Override
  public Encoded encode(Result result) {
    boolean floating = result.bits().orElse(Short.SIZE) == Float.SIZE;
    int bytes = floating ? Float.BYTES : Short.BYTES;
    ByteBuffer samples =
        ByteBuffer.allocate(Math.multiplyExact(bytes, result.values().length))
            .order(ByteOrder.LITTLE_ENDIAN);
    int channels = result.channels();
    int length = result.values().length / channels;
    for (int i = 0; i < length; i++) {
      for (int c = 0; c < channels; c++) {
        float value = result.values()[c * length + i];
        if (floating) {
          samples.putFloat(value);
        } else {
          samples.putShort(sample(value));
        }
      }
    }
    byte[] file = Wav.write(samples.array(), channels, result.medium().rate(), floating);
    return new Encoded(file, Sha256.of(samples.array()));
  }

  private static short sample(float value) {
    double bounded = Math.min(1, Math.max(-1, (double) value));
    return (short) Math.rint(bounded * SCALE);
  }
}
