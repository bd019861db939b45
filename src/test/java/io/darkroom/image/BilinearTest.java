package io.darkroom.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BilinearTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void bitsEqualPyTorchs(int factor) throws Exception {
    Npy input = npy("input");
    Npy expected = npy("x" + factor);
    assertThat(expected.shape()).isEqualTo(List.of(3, 5 * factor, 7 * factor));
    assertThat(Bilinear.enlarge(input.floats(), 3, 5, 7, factor)).isEqualTo(expected.floats());
  }

  @Property(tries = 100)
  void aConstantPictureStaysConstant(
      @ForAll @FloatRange(min = -1, max = 1) float value,
      @ForAll @IntRange(min = 1, max = 8) int factor) {
    float[] small = {value, value, value, value, value, value};
    for (float each : Bilinear.enlarge(small, 1, 2, 3, factor)) {
      assertThat(each).isBetween(value - 2 * Math.ulp(value), value + 2 * Math.ulp(value));
    }
  }

  @Test
  void edgesAreClampedAndPixelCentresAreAtHalves() {
    assertThat(Bilinear.enlarge(new float[] {0, 8}, 1, 1, 2, 4))
        .startsWith(0, 0, 1, 3, 5, 7, 8, 8)
        .hasSize(32);
  }

  @Test
  void aShapeThatDoesNotFitIsRefused() {
    assertThatThrownBy(() -> Bilinear.enlarge(new float[5], 1, 2, 3, 4))
        .hasMessageContaining("1 x 2 x 3");
    assertThatThrownBy(() -> Bilinear.enlarge(new float[6], 1, 2, 3, 0))
        .hasMessageContaining("factor");
  }

  private static Npy npy(String name) throws Exception {
    return Npy.read(
        Files.readAllBytes(Path.of("src/test/resources/bilinear", name + ".npy")), 10_000);
  }
}
