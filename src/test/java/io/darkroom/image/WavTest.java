package io.darkroom.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.text.Sha256;
import java.io.ByteArrayInputStream;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.Test;

/** Reading of WAV files that the output format has written. */
class WavTest {
  private static final OutputFormat.Encoded SOUND = encoded(OptionalInt.empty());
  private static final OutputFormat.Encoded FLOATS = encoded(OptionalInt.of(32));

  /** Two channels of three samples. */
  private static OutputFormat.Encoded encoded(OptionalInt bits) {
    return OutputFormats.find("wav")
        .orElseThrow()
        .encode(
            new OutputFormat.Result(
                new float[] {0, 0.5f, 1, -1.5f, -0.25f, 0},
                List.of(2, 3),
                Medium.sound(16_000),
                List.of(),
                OptionalInt.empty(),
                bits,
                0));
  }

  @Test
  void samplesAreInterleavedAndHaveTheRecordedDigest() throws MalformedWav {
    assertThat(Wav.samples(SOUND.bytes())).containsExactly(0, -32767, 16384, -8192, 32767, 0);
    assertThat(Sha256.of(Wav.sampleBytes(SOUND.bytes()))).isEqualTo(SOUND.contentSha256());
  }

  @Test
  void floatSamplesAreNotBounded() throws Exception {
    assertThat(Wav.samples(FLOATS.bytes())).containsExactly(0, -1.5, 0.5, -0.25, 1, 0);
    assertThat(Sha256.of(Wav.sampleBytes(FLOATS.bytes()))).isEqualTo(FLOATS.contentSha256());
  }

  @Test
  void aLibraryReadsTheFormat() throws Exception {
    for (OutputFormat.Encoded file : List.of(SOUND, FLOATS)) {
      boolean floating = file.equals(FLOATS);
      try (AudioInputStream sound =
          AudioSystem.getAudioInputStream(new ByteArrayInputStream(file.bytes()))) {
        AudioFormat format = sound.getFormat();
        assertThat(format.getEncoding())
            .isEqualTo(floating ? AudioFormat.Encoding.PCM_FLOAT : AudioFormat.Encoding.PCM_SIGNED);
        assertThat(format.getSampleRate()).isEqualTo(16_000);
        assertThat(format.getChannels()).isEqualTo(2);
        assertThat(format.getSampleSizeInBits()).isEqualTo(floating ? 32 : 16);
        assertThat(format.isBigEndian()).isFalse();
        assertThat(sound.readAllBytes()).isEqualTo(Wav.sampleBytes(file.bytes()));
      }
    }
  }

  @Test
  void otherFilesAreRefused() {
    byte[] cut = Arrays.copyOf(SOUND.bytes(), SOUND.bytes().length - 2);
    byte[] eightBits = SOUND.bytes().clone();
    eightBits[34] = 8; // bits of a sample
    eightBits[32] = 2; // bytes of a frame
    byte[] endless = FLOATS.bytes().clone();
    endless[43] = (byte) 0xff; // size of the chunk before the samples
    for (byte[] file : List.of(cut, eightBits, endless, new byte[0], new byte[] {1, 2, 3})) {
      assertThatThrownBy(() -> Wav.samples(file))
          .isInstanceOf(MalformedWav.class)
          .hasMessageStartingWith("must be a ");
    }
  }
}
