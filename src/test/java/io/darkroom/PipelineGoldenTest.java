package io.darkroom;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.engine.EngineObserver;
import io.darkroom.engine.StageOutcome;
import io.darkroom.image.Medium;
import io.darkroom.image.Npy;
import io.darkroom.image.OutputFormat;
import io.darkroom.image.OutputFormats;
import io.darkroom.image.PictureReader;
import io.darkroom.image.Pixels;
import io.darkroom.job.RenderRequest;
import io.darkroom.model.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
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

  private static final int WAV_HEADER = 44;
  private static final int NPY_PREFIX = 10;
  private static final int MOST_ELEMENTS = 1 << 22;

  private final Map<List<Path>, Studio> studios = new HashMap<>();

  /** The variables are for a run of all tests, where Quarkus refuses properties of the tests. */
  private static String option(String property, String variable, String otherwise) {
    String value = System.getProperty(property, System.getenv(variable));
    return value == null ? otherwise : value;
  }

  @AfterAll
  void close() {
    studios.values().forEach(Studio::close);
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
    Studio studio = studio(golden.models());
    Npy latents = read(golden, "latents.npy");
    Npy images = read(golden, "image.npy");
    for (PipelineGolden.Part part : golden.parts()) {
      List<StageOutcome.Picture> pictures = studio.render(studio.request(part.request()));
      for (int i = 0; i < part.count(); i++) {
        StageOutcome.Picture picture = pictures.get(part.first() + i);
        int index = part.offset() + i;
        assertThat(worst(picture.sample().values(), row(latents, index, golden.images())))
            .as("latents of image %d", index)
            .isLessThanOrEqualTo(golden.tolerance("latents_abs"));
        float[] expected = planar(row(images, index, golden.images()));
        assertThat(worst(unit(picture.pixels().values()), expected))
            .as("image %d", index)
            .isLessThanOrEqualTo(golden.tolerance("image_abs"));
        samePixels(golden, index, picture.pixels());
      }
    }
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("others")
  void otherMediaHaveTheReferencesNumbers(PipelineGolden golden) throws Exception {
    Studio studio = studio(golden.models());
    Npy samples = read(golden, "sample.npy");
    float[] results = results(golden);
    Medium medium = studio.card(golden.model()).medium();
    for (PipelineGolden.Part part : golden.parts()) {
      List<StageOutcome.Picture> made = studio.render(studio.request(part.request()));
      for (int i = 0; i < part.count(); i++) {
        StageOutcome.Picture each = made.get(part.first() + i);
        int index = part.offset() + i;
        assertThat(worst(each.sample().values(), row(samples, index, golden.images())))
            .as("sample %d", index)
            .isLessThanOrEqualTo(golden.tolerance("sample_abs"));
        sameResult(golden, index, each.pixels(), medium, row(results, index, golden.images()));
        if (medium.is(Medium.Kind.SOUND)) {
          sameSound(golden, index, each.pixels(), medium);
        }
      }
    }
  }

  private static void sameResult(
      PipelineGolden golden, int index, Tensor result, Medium medium, float[] expected) {
    float[] values =
        switch (medium.kind()) {
          case SOUND -> bounded(result.values());
          case PICTURE -> unit(result.values());
          case TENSOR, UINT16 -> result.values();
        };
    int channels = result.shape().channels();
    boolean picture = medium.is(Medium.Kind.PICTURE);
    float[] planes = picture && channels == 3 ? planar(expected) : expected;
    int each = values.length / channels;
    for (int c = 0; c < channels; c++) {
      float[] actual = Arrays.copyOfRange(values, c * each, (c + 1) * each);
      assertThat(worst(actual, Arrays.copyOfRange(planes, c * each, (c + 1) * each)))
          .as("result %d, channel %d", index, c)
          .isLessThanOrEqualTo(golden.tolerance(c));
    }
  }

  /** Reads results, including those of 16 unsigned bits. */
  private static float[] results(PipelineGolden golden) throws Exception {
    byte[] file = Files.readAllBytes(golden.folder().resolve("result.npy"));
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int header = NPY_PREFIX + in.getShort(NPY_PREFIX - Short.BYTES);
    if (!new String(file, 0, header, StandardCharsets.ISO_8859_1).contains("'<u2'")) {
      return Npy.read(file, MOST_ELEMENTS).floats();
    }
    float[] values = new float[(file.length - header) / Short.BYTES];
    for (int i = 0; i < values.length; i++) {
      values[i] = in.getShort(header + i * Short.BYTES) & 0xffff;
    }
    return values;
  }

  private static void sameSound(PipelineGolden golden, int index, Tensor sound, Medium medium)
      throws Exception {
    String name = golden.images() == 1 ? "audio.wav" : "audio-" + index + ".wav";
    byte[] file =
        OutputFormats.find("wav")
            .orElseThrow()
            .encode(
                new OutputFormat.Result(
                    sound.values(),
                    sound.shape().sizes(),
                    medium,
                    List.of(),
                    OptionalInt.empty(),
                    1))
            .bytes();
    byte[] bytes = Files.readAllBytes(golden.folder().resolve(name));
    ByteBuffer expected = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer actual = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(file).hasSameSizeAs(bytes);
    assertThat(Arrays.copyOf(file, WAV_HEADER)).isEqualTo(Arrays.copyOf(bytes, WAV_HEADER));
    int apart = 0;
    for (int at = WAV_HEADER; at < bytes.length; at += Short.BYTES) {
      int difference = Math.abs(actual.getShort(at) - expected.getShort(at));
      assertThat(difference).as(name).isLessThanOrEqualTo((int) golden.tolerance("pcm16"));
      apart += difference > 1 ? 1 : 0;
    }
    assertThat(2.0 * apart / (bytes.length - WAV_HEADER))
        .isLessThanOrEqualTo(golden.tolerance("pcm16_differing_by_more_than_1_fraction"));
  }

  private static float[] bounded(float[] values) {
    float[] bounded = new float[values.length];
    for (int i = 0; i < bounded.length; i++) {
      bounded[i] = Math.min(1, Math.max(-1, values[i]));
    }
    return bounded;
  }

  @Test
  void requestsTogetherGiveTheSameBitsAsAlone() throws Exception {
    List<PipelineGolden> goldens = goldens().toList();
    Set<Path> models = new LinkedHashSet<>();
    for (PipelineGolden golden : goldens) {
      models.addAll(golden.models());
    }
    try (Studio studio = new Studio(32, EngineObserver.NONE, models.toArray(Path[]::new))) {
      List<RenderRequest> requests = new ArrayList<>();
      for (PipelineGolden golden : goldens) {
        requests.add(studio.request(golden.parts().get(0).request()));
      }
      List<List<StageOutcome.Picture>> alone = requests.stream().map(studio::render).toList();
      List<StageOutcome> together = studio.render(requests);
      for (int i = 0; i < requests.size(); i++) {
        List<StageOutcome.Picture> pictures = ((StageOutcome.Done) together.get(i)).pictures();
        for (int image = 0; image < pictures.size(); image++) {
          assertThat(pictures.get(image).pixels().values())
              .as("%s, image %d", goldens.get(i), image)
              .isEqualTo(alone.get(i).get(image).pixels().values());
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

  /** Packages are opened when the first golden needs them. */
  private Studio studio(List<Path> models) throws Exception {
    List<Path> different = models.stream().distinct().toList();
    Studio studio = studios.get(different);
    if (studio == null) {
      studio = new Studio(8, EngineObserver.NONE, different.toArray(Path[]::new));
      studios.put(different, studio);
    }
    return studio;
  }

  private static Npy read(PipelineGolden golden, String file) throws Exception {
    return Npy.read(Files.readAllBytes(golden.folder().resolve(file)), MOST_ELEMENTS);
  }

  private static float[] row(Npy batch, int index, int rows) {
    return row(batch.floats(), index, rows);
  }

  private static float[] row(float[] values, int index, int rows) {
    int size = values.length / rows;
    return Arrays.copyOfRange(values, index * size, (index + 1) * size);
  }

  /** From [-1, 1] to [0, 1]. */
  private static float[] unit(float[] values) {
    float[] unit = new float[values.length];
    for (int i = 0; i < unit.length; i++) {
      unit[i] = Math.min(1, Math.max(0, values[i] / 2 + 0.5f));
    }
    return unit;
  }

  /** From {@code [H, W, 3]} to {@code [3, H, W]}. */
  private static float[] planar(float[] interleaved) {
    int pixels = interleaved.length / 3;
    float[] planar = new float[interleaved.length];
    for (int i = 0; i < interleaved.length; i++) {
      planar[i % 3 * pixels + i / 3] = interleaved[i];
    }
    return planar;
  }

  private static double worst(float[] actual, float[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    double worst = 0;
    for (int i = 0; i < actual.length; i++) {
      worst = Math.max(worst, Math.abs((double) actual[i] - expected[i]));
    }
    return worst;
  }
}
