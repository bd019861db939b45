package io.darkroom.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
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
  void eachLaneGetsTheSmallestSizeThatHoldsAllRows() {
    BatchSizes all = BatchSizes.upTo(8);
    assertThat(all.part(8, 2)).isEqualTo(4);
    assertThat(all.part(5, 4)).isEqualTo(2);
    assertThat(all.parts(5, 4)).isEqualTo(3);
    assertThat(all.total(5, 4)).isEqualTo(5);
    BatchSizes some = BatchSizes.of(2, 4, 8);
    assertThat(some.part(6, 2)).isEqualTo(4);
    assertThat(some.total(6, 2)).isEqualTo(6);
    assertThat(some.total(6, 1)).isEqualTo(8);
    assertThat(some.total(1, 4)).isEqualTo(2);
    BatchSizes single = BatchSizes.of(1);
    assertThat(single.part(5, 2)).isEqualTo(1);
    assertThat(single.parts(5, 2)).isEqualTo(5);
  }

  @Property
  void runsHoldAllRowsAndSplittingThemAgainChangesNothing(
      @ForAll @IntRange(min = 1, max = 255) int sizes,
      @ForAll @IntRange(min = 1, max = 9) int lanes,
      @ForAll @IntRange(min = 1, max = 40) int rows) {
    BatchSizes some =
        BatchSizes.of(
            IntStream.rangeClosed(1, 8).filter(size -> (sizes >> (size - 1) & 1) == 1).toArray());
    int total = some.total(rows, lanes);
    int part = some.part(rows, lanes);
    assertThat(total).isBetween(rows, some.parts(rows, lanes) * part);
    assertThat(some.total(total, lanes)).isEqualTo(total);
    assertThat(some.part(total, lanes)).isEqualTo(part);
    assertThat(some.parts(total, lanes)).isEqualTo(some.parts(rows, lanes));
    int last = total - (some.parts(rows, lanes) - 1) * part;
    assertThat(some.holding(last)).isEqualTo(last);
  }

  @Test
  void aBoundRemovesLargerSizes() {
    BatchSizes batchSizes = BatchSizes.of(2, 4, 8);
    assertThat(batchSizes.within(7)).isEqualTo(4);
    assertThat(batchSizes.within(1)).isEqualTo(2);
  }

  @Test
  void consecutiveSizesArePrintedAsARange() {
    assertThat(BatchSizes.upTo(8)).hasToString("1-8");
    assertThat(BatchSizes.of(2, 3, 4)).hasToString("2-4");
    assertThat(BatchSizes.of(1, 8)).hasToString("1,8");
  }
}
