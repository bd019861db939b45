package io.darkroom.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RowLadderTest {

  @Test
  void callsAreFilledUpToTheNextNumber() {
    RowLadder ladder = RowLadder.of(2, 4, 8);
    assertThat(ladder.holding(1)).isEqualTo(2);
    assertThat(ladder.holding(4)).isEqualTo(4);
    assertThat(ladder.holding(5)).isEqualTo(8);
    assertThatThrownBy(() -> ladder.holding(9)).hasMessage("rows: must be at most 8, are 9");
  }

  @Test
  void aBoundLeavesTheNumbersUpToIt() {
    RowLadder ladder = RowLadder.of(2, 4, 8);
    assertThat(ladder.within(7)).isEqualTo(4);
    assertThat(ladder.within(1)).isEqualTo(2);
  }

  @Test
  void aLadderReadsAsARangeWhereNothingIsMissing() {
    assertThat(RowLadder.upTo(8)).hasToString("1-8");
    assertThat(RowLadder.of(2, 3, 4)).hasToString("2-4");
    assertThat(RowLadder.of(1, 8)).hasToString("1,8");
  }
}
