package io.darkroom.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class DataScalingTest {
  private static final Layout POINT =
      new Layout(List.of(Layout.Dimension.fixed(Layout.CHANNELS, 1)));

  @Test
  void eachChannelHasItsMeanAndDeviation() {
    Tensor sample = new Tensor(new float[] {0, 1, -2, 0.5f}, new Shape(2, 1, 2));
    DataScaling scaling = new DataScaling(List.of(10.0, 0.25), List.of(3.0, 0.5), false);
    assertThat(scaling.data(sample, Layout.picture(2, 1, 2, 1, true)).values())
        .containsExactly(10, 13, -0.75f, 0.5f);
    assertThat(sample.values()).containsExactly(0, 1, -2, 0.5f);
  }

  @Test
  void wholeNumbersAreRoundedHalfToEvenAndBounded() {
    Tensor sample = new Tensor(new float[] {0, 1, -20, 30000}, new Shape(1, 2, 2));
    DataScaling scaling = new DataScaling(List.of(4.5), List.of(3.0), true);
    assertThat(scaling.data(sample, Layout.picture(1, 2, 2, 1, true)).values())
        .containsExactly(4, 8, 0, 65535);
  }

  @Test
  void channelsCanBeTheLastDimension() {
    Layout.Dimension points = new Layout.Dimension("points", 2, true, 1, 9);
    Layout layout = new Layout(List.of(points, Layout.Dimension.fixed(Layout.CHANNELS, 2)));
    Tensor sample = new Tensor(new float[] {1, 1, 2, 3}, new Shape(2, 2));
    DataScaling scaling = new DataScaling(List.of(10.0, 0.0), List.of(3.0, 0.5), false);
    assertThat(scaling.data(sample, layout).values()).containsExactly(13, 0.5f, 16, 1.5f);
  }

  @Test
  void samplesThatAreTheDataAreNotCopied() {
    Tensor sample = new Tensor(new float[] {1}, new Shape(1));
    assertThat(DataScaling.NONE.data(sample, POINT)).isSameAs(sample);
  }

  @Test
  void aDeviationOfZeroIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DataScaling(List.of(1.0), List.of(0.0), false));
  }
}
