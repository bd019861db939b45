package io.darkroom.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class Sha256Test {

  /** FIPS 180-2, appendix B.1. */
  @Test
  void bytesHaveThePublishedDigest() {
    assertThat(Sha256.of("abc".getBytes(StandardCharsets.US_ASCII)))
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }

  /** hashlib.sha256(numpy.arange(10000, dtype="<f4").tobytes()). */
  @Test
  void floatsAreDigestedLittleEndian() {
    float[] values = new float[10_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    assertThat(Sha256.of(values))
        .isEqualTo("042b8b3684f01a27d31442047abb51122d175ae97d5d6897ca0866c243f9dac8");
  }

  @Test
  void anEmptyArrayHasTheDigestOfNoBytes() {
    assertThat(Sha256.of(new float[0])).isEqualTo(Sha256.of(new byte[0]));
  }
}
