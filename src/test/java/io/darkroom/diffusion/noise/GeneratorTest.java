package io.darkroom.diffusion.noise;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GeneratorTest {

  @Test
  void namesEqualThoseOfTheContract() {
    assertThat(Generator.named("torch_cpu")).contains(Generator.TORCH_CPU);
    assertThat(Generator.named("torch_cuda")).contains(Generator.TORCH_CUDA);
    assertThat(Generator.named("philox")).contains(Generator.PHILOX);
    assertThat(Generator.named("TORCH_CPU")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void aSeedsNumbersDoNotDependOnOtherSources(Generator generator) {
    float[][] alone = draws(generator.source(-1), 3);
    NoiseSource source = generator.source(-1);
    NoiseSource neighbour = generator.source(-2);
    for (float[] expected : alone) {
      float[] drawn = new float[100];
      neighbour.fill(drawn);
      source.fill(drawn);
      assertThat(drawn).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @EnumSource
  void drawsDiffer(Generator generator) {
    float[][] draws = draws(generator.source(3), 2);
    assertThat(draws[0]).isNotEqualTo(draws[1]);
    assertThat(draws[0]).isNotEqualTo(draws(generator.source(4), 1)[0]);
  }

  @ParameterizedTest
  @EnumSource
  void aDrawAllocatesNothing(Generator generator) {
    NoiseSource source = new BatchSlice(generator.source(3), 2, 1);
    float[] out = new float[4099];
    source.fill(out);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 100; i++) {
      source.fill(out);
    }
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(100 * 64);
  }

  @ParameterizedTest
  @EnumSource
  void skippedDrawsDoNotChangeLaterOnes(Generator generator) {
    for (int images : new int[] {1, 3}) {
      for (int size : new int[] {7, 20, 4099}) {
        float[] unused = new float[size];
        float[] made = new float[100];
        NoiseSource drawn = new BatchSlice(generator.source(3), images, images - 1);
        for (int i = 0; i < 5; i++) {
          drawn.fill(unused);
        }
        drawn.fill(made);
        NoiseSource wound = new BatchSlice(generator.source(3), images, images - 1);
        wound.skip(5, size);
        float[] next = new float[100];
        wound.fill(next);
        assertThat(next).as("%d images, size %d", images, size).containsExactly(made);
      }
    }
  }

  private static float[][] draws(NoiseSource source, int count) {
    float[][] draws = new float[count][100];
    Arrays.stream(draws).forEach(source::fill);
    return draws;
  }
}
