package io.darkroom.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.engine.EngineLimits;
import io.darkroom.image.Pixels;
import io.darkroom.image.PngWriter;
import io.darkroom.job.Manifest;
import io.darkroom.job.RenderOutcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests pictures that are enlarged by tiles in shared calls. */
class TilesTest {
  private static final String ANCESTRAL = "'scheduler':{'_class_name':'euler_a'}";
  private static final String TILE = "'tile':{'size':16,'overlap':4}";

  @TempDir Path folder;

  private TestWorker darkroom(String name, int slots, String... others) {
    String[] models =
        Stream.concat(Stream.of("emoji-sr4"), Stream.of(others)).toArray(String[]::new);
    EngineLimits limits = new EngineLimits(slots, Duration.ofSeconds(30));
    return new TestWorker(folder.resolve(name), limits, models);
  }

  /** A texture without any period of the tiles. */
  private static String picture(int width, int height) {
    byte[] samples = new byte[3 * width * height];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int c = 0; c < 3; c++) {
          double wave = Math.sin(x * (0.7 + 0.1 * c) + Math.sin(y * 0.31)) * Math.cos(y * 0.53 - c);
          samples[3 * (y * width + x) + c] = (byte) (int) (127.5 + 100 * wave);
        }
      }
    }
    byte[] file = PngWriter.write(new Pixels(width, height, 3, samples), List.of(), 6);
    return Base64.getEncoder().encodeToString(file);
  }

  private static String upscale(String id, int width, int height, String more) {
    return ("{'id':'%s','kind':'upscale','model':'emoji-sr4','seed':3,'num_inference_steps':2,"
            + "'image':{'data':'%s'}%s}")
        .formatted(id, picture(width, height), more);
  }

  private static Manifest completed(Settlement settlement) {
    assertThat(settlement.outcome()).isInstanceOf(RenderOutcome.Completed.class);
    return ((RenderOutcome.Completed) settlement.outcome()).manifest();
  }

  private static List<String> pixels(Manifest manifest) {
    return manifest.outputs().stream().map(Manifest.OutputFile::pixelsSha256).toList();
  }

  @Test
  void aPictureDoesNotDependOnTheOrderOfTilesOrOtherRequests() {
    String request =
        upscale("tiles", 41, 30, "," + TILE + ",'noise_level':7,'num_images':2," + ANCESTRAL);
    List<List<String>> all = new ArrayList<>();
    for (int slots : new int[] {1, 2, 3, 5, 8}) {
      try (TestWorker darkroom = darkroom("slots-" + slots, slots)) {
        Manifest manifest = completed(darkroom.settle(request));
        assertThat(manifest.outputs().get(0).shape()).isEqualTo(List.of(3, 120, 164));
        assertThat(manifest.modelEvaluations()).isEqualTo(2 * 4 * 3 * 2);
        all.add(pixels(manifest));
      }
    }
    all.add(among(request));
    assertThat(all).containsOnly(all.get(0));
    assertThat(all.get(0)).doesNotHaveDuplicates();
  }

  private List<String> among(String request) {
    ExecutorService publishers = Executors.newFixedThreadPool(5);
    try (TestWorker darkroom = darkroom("among", 4, "emoji-32")) {
      RenderPipeline pipeline = darkroom.over(darkroom.store());
      List<String> others =
          List.of(
              upscale("other", 40, 31, "," + TILE + ",'num_images':2"),
              upscale("small", 16, 16, ""),
              "{'id':'fox','kind':'generate','model':'emoji-32','class_label':'fox-face'}");
      List<CompletableFuture<Settlement>> together = new ArrayList<>();
      for (String each : others) {
        together.add(
            CompletableFuture.supplyAsync(
                () -> pipeline.settle(TestWorker.delivery(each)), publishers));
      }
      Manifest manifest = completed(pipeline.settle(TestWorker.delivery(request)));
      together.forEach(each -> completed(each.join()));
      return pixels(manifest);
    } finally {
      publishers.shutdownNow();
    }
  }

  @Test
  void oneTileEqualsTheWholePicture() {
    try (TestWorker darkroom = darkroom("one", 3)) {
      Manifest whole = completed(darkroom.settle(upscale("whole", 15, 11, "")));
      Manifest tile = completed(darkroom.settle(upscale("tile", 15, 11, "," + TILE)));
      assertThat(pixels(tile)).isEqualTo(pixels(whole));
    }
  }

  @Test
  void theSmallestPictureIsEnlarged() {
    try (TestWorker darkroom = darkroom("pixel", 3)) {
      Manifest manifest = completed(darkroom.settle(upscale("pixel", 1, 1, "," + TILE)));
      assertThat(manifest.outputs().get(0).shape()).isEqualTo(List.of(3, 4, 4));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {3, 6, 11})
  void anotherWorkerContinuesInTheInterruptedTile(long rows) {
    String request = upscale("left", 28, 40, "," + TILE + ",'noise_level':5," + ANCESTRAL);
    Manifest whole;
    try (TestWorker darkroom = darkroom("whole", 2)) {
      whole = completed(darkroom.settle(request));
    }
    try (TestWorker first = darkroom("shared", 1).drainingAt(rows)) {
      assertThatThrownBy(() -> first.settle(request)).isInstanceOf(Unsettled.class);
    }
    try (TestWorker second = darkroom("shared", 4)) {
      Manifest rest = completed(second.settle(request));
      assertThat(rest.outputs()).isEqualTo(whole.outputs());
      assertThat(rest.modelEvaluations()).isEqualTo(whole.modelEvaluations());
      assertThat(second.rows()).isEqualTo(whole.modelEvaluations() - rows);
    }
  }

  @Test
  void aStageOfACascadeIsTiled() {
    String request =
        "{'id':'cascade','kind':'generate','model':'emoji-32','class_label':'fox-face','seed':1,"
            + "'num_inference_steps':2,'guidance_scale':1,'then':[{'kind':'upscale',"
            + "'model':'emoji-sr4','num_inference_steps':2,'tile':{'size':20,'overlap':6}}]}";
    try (TestWorker darkroom = darkroom("cascade", 3, "emoji-32")) {
      Manifest manifest = completed(darkroom.settle(request));
      assertThat(manifest.outputs().get(0).shape()).isEqualTo(List.of(3, 128, 128));
      assertThat(manifest.modelEvaluations()).isEqualTo(2 + 2 * 4);
    }
  }
}
