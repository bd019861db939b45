package io.darkroom;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.engine.EngineObserver;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests that sounds of the starter {@code drums-8k} have the pitch and decay of their class. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DrumSoundsTest {
  private static final Path PACKAGE = DirectEngine.STARTER.resolve("drums-8k");
  private static final int RATE = 8000;
  private static final int LENGTH = 4096;

  private DirectEngine engine;

  @BeforeAll
  void open() throws Exception {
    engine = new DirectEngine(8, EngineObserver.NONE, PACKAGE);
  }

  @AfterAll
  void close() {
    engine.close();
  }

  @ParameterizedTest
  @CsvSource({
    "kick, 0, 400",
    "tom, 0, 600",
    "snare, 300, 2500",
    "clap, 700, 2500",
    "hi-hat, 2200, 4000"
  })
  void aSoundHasThePitchAndDecayOfItsClass(String label, double least, double most) {
    float[] sound = sound(label);

    assertThat(sound).hasSize(LENGTH);
    assertThat(crossings(sound)).as("hertz").isBetween(least, most);
    double begin = level(sound, 0);
    assertThat(begin).as("decibels at the begin").isBetween(-30.0, 0.0);
    assertThat(level(sound, LENGTH - RATE / 10)).as("at the end").isLessThan(begin - 20);
  }

  private float[] sound(String label) {
    String request =
        "{'id': 'd', 'kind': 'generate', 'model': 'drums-8k', 'class_label': '%s', 'seed': 1}"
            .formatted(label)
            .replace('\'', '"');
    return engine.render(engine.request(request)).get(0).pixels().values();
  }

  /** Returns half the rate of sign changes in the first 50 ms, the frequency of a tone. */
  private static double crossings(float[] sound) {
    int count = 0;
    int samples = RATE / 20;
    for (int i = 1; i < samples; i++) {
      count += sound[i - 1] < 0 != sound[i] < 0 ? 1 : 0;
    }
    return count / 2.0 * RATE / samples;
  }

  /** Returns the root mean square of 50 ms in decibels of full scale. */
  private static double level(float[] sound, int from) {
    double sum = 0;
    int samples = RATE / 20;
    for (int i = from; i < from + samples; i++) {
      sum += sound[i] * sound[i];
    }
    return 10 * Math.log10(sum / samples);
  }
}
