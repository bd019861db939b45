package io.darkroom.image;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.UnsupportedAudioFileException;

/** Reads WAV files with 16-bit little-endian PCM, as workers store them. */
public final class Wav {
  /** The media type of sounds. */
  public static final String MEDIA_TYPE = "audio/wav";

  private Wav() {}

  /**
   * Returns the bytes of the samples, with interleaved channels.
   *
   * @throws MalformedWav if the bytes are not such a file, or samples are missing
   */
  public static byte[] pcm(byte[] file) throws MalformedWav {
    try (AudioInputStream sound = AudioSystem.getAudioInputStream(new ByteArrayInputStream(file))) {
      AudioFormat format = sound.getFormat();
      boolean expected =
          format.getEncoding().equals(AudioFormat.Encoding.PCM_SIGNED)
              && format.getSampleSizeInBits() == Short.SIZE
              && !format.isBigEndian();
      byte[] pcm = sound.readAllBytes();
      if (!expected || pcm.length != sound.getFrameLength() * format.getFrameSize()) {
        throw new MalformedWav("must be a complete WAV file with 16-bit PCM");
      }
      return pcm;
    } catch (UnsupportedAudioFileException | IOException e) {
      throw new MalformedWav("must be a WAV file: " + e.getMessage());
    }
  }

  /**
   * Returns the samples, -32768 to 32767, with interleaved channels.
   *
   * @throws MalformedWav if the bytes are not such a file, or samples are missing
   */
  public static double[] samples(byte[] file) throws MalformedWav {
    ShortBuffer pcm = ByteBuffer.wrap(pcm(file)).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
    double[] samples = new double[pcm.remaining()];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = pcm.get(i);
    }
    return samples;
  }
}
