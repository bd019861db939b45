package io.darkroom.diffusion.noise;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PhiloxTest {

  /** Known answers of Random123 1.09, file kat_vectors, philox4x32 with 10 rounds. */
  @Test
  void wordsEqualThePublishedOnes() {
    assertThat(words(0, 0, 0)).containsExactly(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
    assertThat(words(-1, -1, -1)).containsExactly(0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
    assertThat(words(0x299f31d0a4093822L, 0x85a308d3243f6a88L, 0x0370734413198a2eL))
        .containsExactly(0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1);
  }

  @Test
  void theCounterCarriesIntoItsHighestWord() {
    int[][] run = new int[4][3];
    new Philox(7).fill(run, 3, 5, 0xffffffffL);
    for (int i = 0; i < 3; i++) {
      assertThat(words(7, 5, 0xffffffffL + i))
          .containsExactly(run[0][i], run[1][i], run[2][i], run[3][i]);
    }
  }

  private static int[] words(long seed, long low, long high) {
    int[][] out = new int[4][1];
    new Philox(seed).fill(out, 1, low, high);
    return new int[] {out[0][0], out[1][0], out[2][0], out[3][0]};
  }
}
