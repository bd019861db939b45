package io.darkroom;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.engine.EngineObserver;
import io.darkroom.engine.StageOutcome;
import io.darkroom.image.Npy;
import io.darkroom.image.PictureReader;
import io.darkroom.image.Pixels;
import io.darkroom.job.RenderRequest;
import io.darkroom.model.Tensor;
import io.darkroom.plan.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests that complete pipelines give diffusers' numbers within the stated tolerances. The goldens
 * are in the folder {@code -Ddarkroom.pipelines}, by default that of this repository; {@code
 * -Ddarkroom.pipelines.names} selects some of them. A case that cannot be run fails.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PipelineGoldenTest {
  private static final Path PIPELINES =
      Path.of(option("darkroom.pipelines", "PIPELINE_GOLDENS", "src/test/resources/pipelines"));

  /** A regular expression of the names of those that are run. */
  private static final String NAMES =
      option("darkroom.pipelines.names", "PIPELINE_GOLDENS_NAMES", ".*");

  private static final int MOST_ELEMENTS = 1 << 22;

  /** Each number of rows is tested when a package is loaded. */
  private static final int MOST_ROWS = 4;

  private final Map<List<Path>, DirectEngine> engines = new HashMap<>();

  /** Images of requests that were rendered alone. */
  private final Map<String, List<StageOutcome.Picture>> alone = new HashMap<>();

  /** The variables are for a run of all tests, where Quarkus refuses properties of the tests. */
  private static String option(String property, String variable, String otherwise) {
    String value = System.getProperty(property, System.getenv(variable));
    return value == null ? otherwise : value;
  }

  @AfterAll
  void close() {
    engines.values().forEach(DirectEngine::close);
  }

  static Stream<PipelineGolden> pictures() throws IOException {
    return goldens().filter(PipelineGolden::picture);
  }

  static Stream<PipelineGolden> others() throws IOException {
    return goldens().filter(golden -> !golden.picture());
  }

  static Stream<PipelineGolden> goldens() throws IOException {
    List<PipelineGolden> goldens = new ArrayList<>();
    try (Stream<Path> folders = Files.list(PIPELINES.resolve("goldens"))) {
      for (Path folder : folders.sorted().toList()) {
        if (folder.getFileName().toString().matches(NAMES)) {
          goldens.add(PipelineGolden.read(folder));
        }
      }
    }
    assertThat(goldens).isNotEmpty();
    return goldens.stream();
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("pictures")
  void picturesHaveTheReferencesNumbers(PipelineGolden golden) throws Exception {
    Npy latents = read(golden, "latents.npy");
    Npy images = read(golden, "image.npy");
    for (PipelineGolden.Part part : golden.parts()) {
      List<StageOutcome.Picture> pictures = alone(golden, part.request());
      for (int i = 0; i < part.count(); i++) {
        StageOutcome.Picture picture = pictures.get(part.first() + i);
        int index = part.offset() + i;
        assertThat(Samples.worst(picture.sample().values(), row(latents, index, golden.images())))
            .as("latents of image %d", index)
            .isLessThanOrEqualTo(golden.tolerance("latents_abs"));
        float[] expected = Samples.planar(row(images, index, golden.images()), 3);
        assertThat(Samples.worst(Samples.unit(picture.pixels().values()), expected))
            .as("image %d", index)
            .isLessThanOrEqualTo(golden.tolerance("image_abs"));
        samePixels(golden, index, picture.pixels());
      }
    }
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("others")
  void otherMediaHaveTheReferencesNumbers(PipelineGolden golden) throws Exception {
    DirectEngine directEngine = directEngine(golden.models());
    MediaComparison comparison = MediaComparison.of(golden, directEngine.card(golden.model()));
    for (PipelineGolden.Part part : golden.parts()) {
      List<StageOutcome.Picture> made =
          directEngine.render(golden.whole(directEngine.request(part.request())));
      for (int i = 0; i < part.count(); i++) {
        comparison.check(part.offset() + i, made.get(part.first() + i));
      }
    }
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("others")
  void otherMediaHaveTheReferencesTimestepsAndDraws(PipelineGolden golden) throws Exception {
    DirectEngine directEngine = directEngine(golden.models());
    for (PipelineGolden.Part part : golden.parts()) {
      Stage stage = directEngine.stage(golden.whole(directEngine.request(part.request())));
      GoldenDraws draws = new GoldenDraws(golden, stage);
      draws.checkTimesteps();
      draws.checkNoise();
    }
  }

  @Test
  void requestsTogetherGiveTheSameBitsAsAlone() throws Exception {
    List<PipelineGolden> goldens = goldens().filter(each -> each.images() <= 64).toList();
    Set<Path> models = new LinkedHashSet<>();
    for (PipelineGolden golden : goldens) {
      models.addAll(golden.models());
    }
    try (DirectEngine directEngine =
        new DirectEngine(32, MOST_ROWS, EngineObserver.NONE, models.toArray(Path[]::new))) {
      List<RenderRequest> requests = new ArrayList<>();
      for (PipelineGolden golden : goldens) {
        requests.add(directEngine.request(golden.parts().get(0).request()));
      }
      List<StageOutcome> together = directEngine.render(requests);
      for (int i = 0; i < requests.size(); i++) {
        List<StageOutcome.Picture> pictures = ((StageOutcome.Done) together.get(i)).pictures();
        List<StageOutcome.Picture> solo =
            alone(goldens.get(i), goldens.get(i).parts().get(0).request());
        for (int image = 0; image < pictures.size(); image++) {
          assertThat(pictures.get(image).pixels().values())
              .as("%s, image %d", goldens.get(i), image)
              .isEqualTo(solo.get(image).pixels().values());
        }
      }
    }
  }

  private static void samePixels(PipelineGolden golden, int index, Tensor picture)
      throws Exception {
    String name = golden.images() == 1 ? "image.png" : "image-" + index + ".png";
    byte[] file = Files.readAllBytes(golden.folder().resolve(name));
    byte[] expected = new PictureReader(MOST_ELEMENTS, MOST_ELEMENTS).read(file).toBytes();
    byte[] actual =
        Pixels.ofTensor(picture.values(), 3, picture.shape().height(), picture.shape().width())
            .toBytes();
    assertThat(actual).hasSameSizeAs(expected);
    int differing = 0;
    for (int i = 0; i < expected.length; i++) {
      int difference = Math.abs((actual[i] & 0xff) - (expected[i] & 0xff));
      assertThat(difference).as(name).isLessThanOrEqualTo((int) golden.tolerance("image_u8"));
      differing += difference > 0 ? 1 : 0;
    }
    assertThat((double) differing / expected.length)
        .as("share of values of %s that differ", name)
        .isLessThanOrEqualTo(golden.tolerance("image_u8_differing_fraction"));
  }

  private List<StageOutcome.Picture> alone(PipelineGolden golden, String request) throws Exception {
    List<StageOutcome.Picture> rendered = alone.get(request);
    if (rendered == null) {
      DirectEngine directEngine = directEngine(golden.models());
      rendered = directEngine.render(directEngine.request(request));
      alone.put(request, rendered);
    }
    return rendered;
  }

  /** Packages are opened when the first golden needs them. */
  private DirectEngine directEngine(List<Path> models) throws Exception {
    List<Path> different = models.stream().distinct().toList();
    DirectEngine directEngine = engines.get(different);
    if (directEngine == null) {
      directEngine =
          new DirectEngine(4, MOST_ROWS, EngineObserver.NONE, different.toArray(Path[]::new));
      engines.put(different, directEngine);
    }
    return directEngine;
  }

  private static Npy read(PipelineGolden golden, String file) throws Exception {
    return Npy.read(Files.readAllBytes(golden.folder().resolve(file)), MOST_ELEMENTS);
  }

  private static float[] row(Npy batch, int index, int rows) {
    return Samples.row(batch.floats(), index, rows);
  }
}
