package io.darkroom;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.engine.EngineObserver;
import io.darkroom.engine.StageOutcome;
import io.darkroom.image.PictureReader;
import io.darkroom.image.Pixels;
import io.darkroom.job.RenderRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests that the starter models give the same pictures as diffusers' schedulers with the same
 * files.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReferencePicturesTest {
  private static final Path REFERENCE = Path.of("src/test/resources/starter/reference");
  private static final int LEVELS = 2;

  private final PictureReader reader = new PictureReader(1 << 20, 1 << 20);
  private DirectEngine directEngine;

  @BeforeAll
  void open() throws Exception {
    directEngine =
        new DirectEngine(
            16,
            EngineObserver.NONE,
            DirectEngine.STARTER.resolve("emoji-32"),
            DirectEngine.STARTER.resolve("emoji-64"),
            DirectEngine.STARTER.resolve("emoji-sr4"));
  }

  @AfterAll
  void close() {
    directEngine.close();
  }

  static Stream<Path> requests() throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.list(REFERENCE.resolve("requests"))) {
      files = found.sorted().toList();
    }
    assertThat(files).isNotEmpty();
    return files.stream();
  }

  @ParameterizedTest
  @MethodSource("requests")
  void picturesAreWithinTwoLevels(Path file) throws Exception {
    RenderRequest request = directEngine.request(Files.readString(file));
    List<StageOutcome.Picture> pictures = directEngine.render(request);
    for (int k = 0; k < pictures.size(); k++) {
      String name = request.id() + "-" + k + ".png";
      Pixels expected =
          reader.read(Files.readAllBytes(REFERENCE.resolve("expected").resolve(name)));
      var tensor = pictures.get(k).pixels();
      Pixels actual =
          Pixels.ofTensor(tensor.values(), 3, tensor.shape().height(), tensor.shape().width());
      assertThat(worst(actual.toBytes(), expected.toBytes())).as(name).isLessThanOrEqualTo(LEVELS);
    }
  }

  private static int worst(byte[] actual, byte[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    int worst = 0;
    for (int i = 0; i < actual.length; i++) {
      worst = Math.max(worst, Math.abs((actual[i] & 0xff) - (expected[i] & 0xff)));
    }
    return worst;
  }
}
