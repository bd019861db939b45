package io.darkroom.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.text.Sha256;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Reading of WAV files that the output format has written. */
class WavTest {
  /** Two channels of three samples. */
  private static final OutputFormat.Encoded SOUND =
      OutputFormats.find("wav")
          .orElseThrow()
          .encode(
              new OutputFormat.Result(
                  new float[] {0, 0.5f, 1, -1, -0.25f, 0},
                  List.of(2, 3),
                  Medium.sound(16_000),
                  List.of(),
                  OptionalInt.empty(),
                  0));

  @Test
  void samplesAreInterleavedAndHaveTheRecordedDigest() throws MalformedWav {
    assertThat(Wav.samples(SOUND.bytes())).containsExactly(0, -32767, 16384, -8192, 32767, 0);
    assertThat(Sha256.of(Wav.pcm(SOUND.bytes()))).isEqualTo(SOUND.contentSha256());
  }

  @Test
  void otherFilesAreRefused() {
    byte[] cut = Arrays.copyOf(SOUND.bytes(), SOUND.bytes().length - 2);
    byte[] eightBits = SOUND.bytes().clone();
    eightBits[34] = 8; // bits of a sample
    eightBits[32] = 2; // bytes of a frame
    for (byte[] file : List.of(cut, eightBits, new byte[0], new byte[] {1, 2, 3})) {
      assertThatThrownBy(() -> Wav.samples(file))
          .isInstanceOf(MalformedWav.class)
          .hasMessageStartingWith("must be a ");
    }
  }
}
