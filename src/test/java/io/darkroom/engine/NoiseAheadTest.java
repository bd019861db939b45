package io.darkroom.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.diffusion.noise.TorchCpuNoise;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;

class NoiseAheadTest {
  private static final int SIZE = 3000;
  private static final int DRAWS = 300;

  private static void drawsEqualTheSources(Executor others) {
    TorchCpuNoise alone = new TorchCpuNoise(7);
    NoiseAhead noise = new NoiseAhead(new TorchCpuNoise(7), SIZE);
    float[] expected = new float[SIZE];
    float[] actual = new float[SIZE];
    for (int i = 0; i < DRAWS; i++) {
      if (i % 3 != 0 && noise.want()) {
        others.execute(noise);
      }
      alone.fill(expected);
      noise.fill(actual);
      assertThat(actual).as("draw %d", i).containsExactly(expected);
    }
  }

  @Test
  void numbersDoNotDependOnTheDrawingThread() {
    drawsEqualTheSources(Runnable::run);
    drawsEqualTheSources(draw -> {});
    drawsEqualTheSources(ForkJoinPool.commonPool());
  }

  @Test
  void aFinishedDrawIsNotRequestedAgain() {
    NoiseAhead noise = new NoiseAhead(new TorchCpuNoise(7), SIZE);

    assertThat(noise.want()).isTrue();
    assertThat(noise.want()).isFalse();
    noise.run();
    assertThat(noise.want()).isFalse();
    noise.fill(new float[SIZE]);
    assertThat(noise.want()).isTrue();
  }

  @Test
  void aDrawOfAnotherSizeThanAnnouncedIsRefused() {
    NoiseAhead noise = new NoiseAhead(new TorchCpuNoise(7), SIZE);
    noise.want();
    noise.run();

    assertThatThrownBy(() -> noise.fill(new float[16]))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("noise: a draw of 3000 was announced, not of 16");
  }

  @Test
  void aDrawThatFailedIsNotWaitedFor() {
    NoiseAhead noise =
        new NoiseAhead(
            out -> {
              throw new ArithmeticException("no numbers");
            },
            SIZE);
    noise.want();
    assertThatThrownBy(noise::run).isInstanceOf(ArithmeticException.class);

    assertThatThrownBy(() -> noise.fill(new float[SIZE]))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("noise: a draw ahead failed");
  }
}
