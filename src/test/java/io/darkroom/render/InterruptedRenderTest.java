package io.darkroom.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.engine.EngineLimits;
import io.darkroom.image.Pixels;
import io.darkroom.image.PngWriter;
import io.darkroom.job.JobId;
import io.darkroom.job.Manifest;
import io.darkroom.job.RenderOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that another worker continues the request of a stopping worker with the same bits. */
class InterruptedRenderTest {
  private static final String MODEL = "emoji-32";
  private static final String LARGER = "emoji-sr4";
  private static final int SIDE = 8;

  @TempDir Path folder;
  private Path shared;

  @BeforeEach
  void name() {
    shared = folder.resolve("shared");
  }

  private static String request(String id, String more) {
    return ("{'id':'%s','kind':'generate','model':'emoji-32','class_label':'fox-face',"
            + "'num_inference_steps':6,'num_images':3%s}")
        .formatted(id, more);
  }

  private static TestWorker darkroom(Path folder, int slots, String model) {
    return new TestWorker(folder, new EngineLimits(slots, Duration.ofSeconds(30)), model);
  }

  private record Result(List<Manifest.OutputFile> outputs, long evaluations, long rows) {
    static Result of(TestWorker darkroom, String request) {
      long before = darkroom.rows();
      RenderOutcome outcome = darkroom.settle(request).outcome();
      assertThat(outcome)
          .isInstanceOfSatisfying(
              RenderOutcome.Completed.class, completed -> assertThat(completed.reused()).isFalse());
      Manifest manifest = ((RenderOutcome.Completed) outcome).manifest();
      return new Result(manifest.outputs(), manifest.modelEvaluations(), darkroom.rows() - before);
    }
  }

  private Result whole(String request, int slots, String model) {
    try (TestWorker darkroom = darkroom(folder.resolve("whole"), slots, model)) {
      return Result.of(darkroom, request);
    }
  }

  /** Stops a request after a number of rows and returns the rows that were run. */
  private long leave(String request, long rows, int slots, String model) {
    try (TestWorker first = darkroom(shared, slots, model).drainingAt(rows)) {
      assertThatThrownBy(() -> first.settle(request)).isInstanceOf(Unsettled.class);
      return first.rows();
    }
  }

  private Path checkpoint(String id) {
    return shared.resolve("pictures/renders/" + id + "/checkpoint.bin");
  }

  @ParameterizedTest
  @CsvSource({"ddpm,8", "dpmpp_2m_sde,1", "heun,2", "sa_solver,3"})
  void anotherWorkerContinuesWithTheSameBits(String sampler, int slots) {
    String request =
        request("left", ",'guidance_scale':2,'scheduler':{'_class_name':'" + sampler + "'}");
    Result whole = whole(request, slots, MODEL);

    long first = leave(request, whole.rows() / 2, slots, MODEL);
    assertThat(checkpoint("left")).exists();
    try (TestWorker second = darkroom(shared, 4, MODEL)) {
      Result rest = Result.of(second, request);

      assertThat(rest.outputs()).isEqualTo(whole.outputs());
      assertThat(rest.evaluations()).isEqualTo(whole.evaluations());
      assertThat(first + rest.rows()).as("rows of both").isEqualTo(whole.rows());
      assertThat(rest.rows()).isBetween(1L, whole.rows() / 2);
    }
    assertThat(checkpoint("left")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({"8,0.5", "8,0.25", "1,0.5", "3,0.7"})
  void anotherWorkerContinuesWithCachedFeatures(int slots, double share) {
    String request = request("kept", ",'guidance_scale':2,'cache':{'interval':4,'depth':2}");
    Result whole = whole(request, slots, MODEL);
    assertThat(whole.outputs())
        .isNotEqualTo(whole(request("not-kept", ",'guidance_scale':2"), slots, MODEL).outputs());

    long first = leave(request, (long) (whole.rows() * share), slots, MODEL);
    try (TestWorker second = darkroom(shared, 4, MODEL)) {
      Result rest = Result.of(second, request);

      assertThat(rest.outputs()).isEqualTo(whole.outputs());
      assertThat(rest.evaluations()).isEqualTo(whole.evaluations());
      assertThat(first + rest.rows()).as("rows of both").isEqualTo(whole.rows());
    }
  }

  @Test
  void aRequestThatIsInterruptedTwiceContinues() {
    String request = request("twice", "");
    Result whole = whole(request, 3, MODEL);

    long rows = leave(request, 6, 3, MODEL) + leave(request, 6, 3, MODEL);
    try (TestWorker third = darkroom(shared, 3, MODEL)) {
      Result rest = Result.of(third, request);

      assertThat(rest.outputs()).isEqualTo(whole.outputs());
      assertThat(rest.evaluations()).isEqualTo(whole.evaluations());
      assertThat(rows + rest.rows()).isEqualTo(whole.rows());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"damaged", "short", "empty", "version", "of another request", "too long"})
  void anUnusableCheckpointIsIgnored(String fault) throws IOException {
    String request = request("spoiled", "");
    Result whole = whole(request, 3, MODEL);
    leave(request, 6, 3, MODEL);
    leave(request("other", ",'seed':9"), 6, 3, MODEL);

    byte[] bytes = Files.readAllBytes(checkpoint("spoiled"));
    Files.write(checkpoint("spoiled"), spoil(fault, bytes));
    try (TestWorker second = darkroom(shared, 3, MODEL)) {
      Result all = Result.of(second, request);

      assertThat(all.outputs()).isEqualTo(whole.outputs());
      assertThat(all.evaluations()).isEqualTo(whole.evaluations());
      assertThat(all.rows()).as("rendered from the start").isEqualTo(whole.rows());
    }
    assertThat(checkpoint("spoiled")).doesNotExist();
  }

  private byte[] spoil(String fault, byte[] bytes) throws IOException {
    byte[] copy = bytes.clone();
    switch (fault) {
      case "damaged" -> copy[copy.length / 2] ^= 1;
      case "version" -> copy[7]++;
      case "short" -> copy = Arrays.copyOf(copy, copy.length - 1);
      case "empty" -> copy = new byte[0];
      case "too long" -> copy = new byte[(1 << 20) + 1];
      default -> copy = Files.readAllBytes(checkpoint("other"));
    }
    return copy;
  }

  @Test
  void aCancelledRequestLeavesNoCheckpoint() {
    String request = request("cancelled", "");
    leave(request, 6, 3, MODEL);
    try (TestWorker second = darkroom(shared, 3, MODEL)) {
      second.cancellations().cancel(new JobId("cancelled"), TestWorker.NOW);

      assertThat(second.settle(request).outcome()).isInstanceOf(RenderOutcome.Cancelled.class);
    }
    assertThat(checkpoint("cancelled")).doesNotExist();
  }

  @Test
  void theStoreMayRefuseToKeepACheckpoint() {
    String request = request("refused", "");
    try (TestWorker first = darkroom(shared, 3, MODEL).drainingAt(6)) {
      FaultyStore store = new FaultyStore(first.store(), false).failObjects(1);

      assertThatThrownBy(() -> first.over(store).settle(TestWorker.delivery(request)))
          .isInstanceOf(Unsettled.class);
    }
    assertThat(checkpoint("refused")).doesNotExist();
    try (TestWorker second = darkroom(shared, 3, MODEL)) {
      assertThat(Result.of(second, request).outputs())
          .isEqualTo(whole(request, 3, MODEL).outputs());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aChangedInputIsRenderedFromTheStart(boolean changed) throws IOException {
    String request =
        "{'id':'larger','kind':'upscale','model':'emoji-sr4','num_inference_steps':4,"
            + "'image':{'uri':'s3://sources/a.png'}}";
    put(shared, 50);
    leave(request, 2, 1, LARGER);
    assertThat(checkpoint("larger")).exists();

    int now = changed ? 90 : 50;
    put(shared, now);
    put(folder.resolve("whole"), now);
    Result whole = whole(request, 1, LARGER);
    try (TestWorker second = darkroom(shared, 1, LARGER)) {
      Result rest = Result.of(second, request);

      assertThat(rest.outputs()).isEqualTo(whole.outputs());
      assertThat(rest.rows()).isEqualTo(changed ? whole.rows() : whole.rows() - 2);
    }
  }

  private static void put(Path store, int gray) throws IOException {
    byte[] pixels = new byte[SIDE * SIDE * 3];
    Arrays.fill(pixels, (byte) gray);
    Path sources = Files.createDirectories(store.resolve("sources"));
    Files.write(
        sources.resolve("a.png"), PngWriter.write(new Pixels(SIDE, SIDE, 3, pixels), List.of(), 9));
  }
}
