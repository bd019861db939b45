package io.darkroom.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BatchSizesTest {

  @Test
  void callsAreFilledUpToTheNextNumber() {
    BatchSizes batchSizes = BatchSizes.of(2, 4, 8);
    assertThat(batchSizes.holding(1)).isEqualTo(2);
    assertThat(batchSizes.holding(4)).isEqualTo(4);
    assertThat(batchSizes.holding(5)).isEqualTo(8);
    assertThatThrownBy(() -> batchSizes.holding(9)).hasMessage("rows: must be at most 8, are 9");
  }

  @Test
  void aBoundLeavesTheNumbersUpToIt() {
    BatchSizes batchSizes = BatchSizes.of(2, 4, 8);
    assertThat(batchSizes.within(7)).isEqualTo(4);
    assertThat(batchSizes.within(1)).isEqualTo(2);
  }

  @Test
  void aLadderReadsAsARangeWhereNothingIsMissing() {
    assertThat(BatchSizes.upTo(8)).hasToString("1-8");
    assertThat(BatchSizes.of(2, 3, 4)).hasToString("2-4");
    assertThat(BatchSizes.of(1, 8)).hasToString("1,8");
  }
}
