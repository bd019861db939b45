package io.darkroom.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.engine.Denoiser;
import io.darkroom.engine.DeviceFailure;
import io.darkroom.engine.EngineLimits;
import io.darkroom.engine.LatentCodec;
import io.darkroom.engine.Networks;
import io.darkroom.image.PictureReader;
import io.darkroom.image.Pixels;
import io.darkroom.job.ErrorClass;
import io.darkroom.job.Fingerprint;
import io.darkroom.job.Manifest;
import io.darkroom.job.RenderOutcome;
import io.darkroom.job.Tier;
import io.darkroom.json.EventCodec;
import io.darkroom.json.ManifestCodec;
import io.darkroom.json.Schemas;
import io.darkroom.model.ModelCard;
import io.darkroom.model.Shape;
import io.darkroom.onnx.NetworkSettings;
import io.darkroom.onnx.OrtNetworks;
import io.darkroom.onnx.PackageReader;
import io.darkroom.replay.StoredFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests of several stages: the result of one is the picture that the next one enlarges. */
class CascadeTest {
  private static final String KEPT = ",'output':{'keep_intermediate':true}";
  private static final String THEN =
      ",'then':[{'kind':'upscale','model':'emoji-sr4','num_inference_steps':3,'noise_level':9}]";

  /** The first half of a schedule, and the second one from its latents: of one model here. */
  private static final String HALVES =
      ",'scheduler':{'_class_name':'ddim'},'denoising_end':0.5,'then':[{'kind':'generate',"
          + "'model':'emoji-32','num_inference_steps':4,'scheduler':{'_class_name':'ddim'},"
          + "'guidance_scale':1,'denoising_start':0.5,'class_label':'fox-face'}]";

  @TempDir Path folder;

  private static String base(String id, int seed, String more) {
    return ("{'id':'%s','kind':'generate','model':'emoji-32','class_label':'fox-face','seed':%d,"
            + "'num_images':2,'num_inference_steps':4,'guidance_scale':1%s}")
        .formatted(id, seed, more);
  }

  private TestWorker darkroom(String name, int slots) {
    EngineLimits limits = new EngineLimits(slots, Duration.ofSeconds(30));
    return new TestWorker(folder.resolve(name), limits, "emoji-32", "emoji-sr4");
  }

  private static Manifest completed(Settlement settlement) {
    assertThat(settlement.outcome()).isInstanceOf(RenderOutcome.Completed.class);
    return ((RenderOutcome.Completed) settlement.outcome()).manifest();
  }

  private static List<String> pixels(List<Manifest.OutputFile> outputs) {
    return outputs.stream().map(Manifest.OutputFile::pixelsSha256).toList();
  }

  @Test
  void theResultOfAStageIsEnlargedByTheNext() throws Exception {
    try (TestWorker darkroom = darkroom("one", 3)) {
      List<JobEvent> events = new CopyOnWriteArrayList<>();
      Settlement settled =
          darkroom
              .over(darkroom.store(), events::add)
              .settle(TestWorker.delivery(base("cascade", 5, THEN + KEPT)));

      Manifest manifest = completed(settled);
      assertThat(manifest.outputs())
          .extracting(Manifest.OutputFile::shape)
          .containsExactly(List.of(3, 128, 128), List.of(3, 128, 128));
      assertThat(manifest.outputs()).extracting(Manifest.OutputFile::seed).containsExactly(5L, 6L);
      assertThat(manifest.stages())
          .extracting(Manifest.RenderedStage::model)
          .containsExactly("emoji-32", "emoji-sr4");
      assertThat(manifest.fingerprints())
          .extracting(Fingerprint::packageSha256)
          .containsExactly(darkroom.sha256("emoji-32"), darkroom.sha256("emoji-sr4"));
      assertThat(manifest.stages())
          .doesNotHaveDuplicates()
          .allMatch(s -> s.fingerprint().planSha256().isPresent());
      assertThat(manifest.steps()).isEqualTo(7);
      assertThat(manifest.modelEvaluations()).isEqualTo(2 * 7).isEqualTo(darkroom.rows());
      checkIntermediate(darkroom, manifest);
      assertThat(new ManifestCodec().read(ManifestCodec.write(manifest))).isEqualTo(manifest);
      byte[] event =
          new EventCodec("/darkroom/test").terminal(settled.outcome(), 1, TestWorker.NOW).data();
      Schemas.assertValid("render-completed", event);
      assertThat(new StoredFiles(darkroom.store()).check(manifest)).isEmpty();
      checkProgress(events);
    }
  }

  private static void checkIntermediate(TestWorker darkroom, Manifest cascade) {
    Manifest alone = completed(darkroom.settle(base("alone", 5, "")));
    List<Manifest.OutputFile> kept = cascade.stages().get(0).outputs();
    assertThat(kept)
        .extracting(Manifest.OutputFile::uri)
        .allMatch(uri -> uri.startsWith("s3://pictures/renders/cascade/stage-0/"));
    assertThat(pixels(kept)).isEqualTo(pixels(alone.outputs()));
    assertThat(cascade.stages().get(1).outputs()).isEmpty();
  }

  private static void checkProgress(List<JobEvent> events) {
    List<Progress> progress = new ArrayList<>();
    for (JobEvent event : events) {
      if (event instanceof JobEvent.Started started) {
        assertThat(progress).isEmpty();
        progress.add(started.progress());
      } else if (event instanceof JobEvent.Progressed progressed) {
        progress.add(progressed.progress());
      }
    }
    assertThat(progress).extracting(Progress::wanted).containsOnly(2 * 7);
    assertThat(progress).extracting(Progress::done).isSorted().contains(0, 2 * 4, 2 * 7);
  }

  @Test
  void aStageGivesTheResultOfASeparateRequest() throws Exception {
    try (TestWorker darkroom = darkroom("split", 3)) {
      Manifest cascade = completed(darkroom.settle(base("whole", 3, THEN + KEPT)));
      String uri = cascade.stages().get(0).outputs().get(0).uri();
      Manifest second =
          completed(
              darkroom.settle(
                  ("{'id':'second','kind':'upscale','model':'emoji-sr4','num_inference_steps':3,"
                          + "'noise_level':9,'seed':3,'image':{'uri':'%s'}}")
                      .formatted(uri)));
      int most = 0;
      Pixels whole = picture(darkroom, cascade.outputs().get(0));
      Pixels apart = picture(darkroom, second.outputs().get(0));
      for (int i = 0; i < whole.toTensor().length; i++) {
        float difference = whole.toTensor()[i] - apart.toTensor()[i];
        most = Math.max(most, Math.round(Math.abs(difference) * 127.5f));
      }
      // The file between the two requests has 8 bits a channel.
      assertThat(most).isLessThanOrEqualTo(8);
    }
  }

  private static Pixels picture(TestWorker darkroom, Manifest.OutputFile file) throws Exception {
    byte[] bytes = darkroom.store().get(ObjectUri.parse(file.uri()), 1 << 20).orElseThrow();
    return new PictureReader(1 << 20, 1 << 20).read(bytes);
  }

  @Test
  void aCascadeIsTheSameAloneAndWithOthers() throws Exception {
    List<String> requests = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      requests.add(base("r" + i, i, i % 3 == 2 ? "" : THEN));
    }
    List<List<String>> alone = new ArrayList<>();
    try (TestWorker darkroom = darkroom("alone", 8)) {
      requests.forEach(each -> alone.add(pixels(completed(darkroom.settle(each)).outputs())));
    }
    ExecutorService publishers = Executors.newFixedThreadPool(requests.size());
    try (TestWorker darkroom = darkroom("together", 8)) {
      RenderPipeline pipeline = darkroom.over(darkroom.store());
      List<CompletableFuture<Settlement>> together =
          requests.stream()
              .map(TestWorker::delivery)
              .map(each -> CompletableFuture.supplyAsync(() -> pipeline.settle(each), publishers))
              .toList();
      for (int i = 0; i < requests.size(); i++) {
        assertThat(pixels(completed(together.get(i).join()).outputs())).isEqualTo(alone.get(i));
      }
    } finally {
      publishers.shutdownNow();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {3, 8, 11})
  void anotherWorkerContinuesInTheInterruptedStage(long rows) {
    String request = base("left", 7, THEN + KEPT);
    Manifest whole;
    try (TestWorker darkroom = darkroom("whole", 1)) {
      whole = completed(darkroom.settle(request));
    }
    try (TestWorker first = darkroom("shared", 1).drainingAt(rows)) {
      assertThatThrownBy(() -> first.settle(request)).isInstanceOf(Unsettled.class);
      assertThat(first.rows()).isEqualTo(rows);
    }
    assertThat(folder.resolve("shared/pictures/renders/left/manifest.json")).doesNotExist();
    try (TestWorker second = darkroom("shared", 4)) {
      Manifest rest = completed(second.settle(request));

      assertThat(rest.outputs()).isEqualTo(whole.outputs());
      assertThat(rest.stages()).isEqualTo(whole.stages());
      assertThat(rest.modelEvaluations()).isEqualTo(whole.modelEvaluations());
      assertThat(second.rows()).isEqualTo(14 - rows);
    }
  }

  @Test
  void aStageThatTakesLatentsContinuesWithTheBitsOfOneRender() throws Exception {
    String whole = base("whole", 7, ",'scheduler':{'_class_name':'ddim'}");
    try (TestWorker darkroom = darkroom("halves", 3)) {
      Manifest halves = completed(darkroom.settle(base("halves", 7, HALVES + KEPT)));

      assertThat(halves.modelEvaluations()).isEqualTo(2 * 4).isEqualTo(darkroom.rows());
      assertThat(pixels(halves.outputs()))
          .isEqualTo(pixels(completed(darkroom.settle(whole)).outputs()))
          .isNotEqualTo(pixels(halves.stages().get(0).outputs()));
      assertThat(new ManifestCodec().read(ManifestCodec.write(halves))).isEqualTo(halves);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {3, 5})
  void anotherWorkerContinuesFromLatents(long rows) {
    String request = base("left", 7, HALVES);
    Manifest whole;
    try (TestWorker darkroom = darkroom("whole", 1)) {
      whole = completed(darkroom.settle(request));
    }
    try (TestWorker first = darkroom("shared", 1).drainingAt(rows)) {
      assertThatThrownBy(() -> first.settle(request)).isInstanceOf(Unsettled.class);
    }
    try (TestWorker second = darkroom("shared", 4)) {
      assertThat(pixels(completed(second.settle(request)).outputs()))
          .isEqualTo(pixels(whole.outputs()));
      assertThat(second.rows()).isEqualTo(8 - rows);
    }
  }

  @Test
  void aModelOfALaterStageThatIsNotServedIsFoundBeforeTheFirstOneRuns() {
    try (TestWorker darkroom = darkroom("unknown", 3)) {
      String then = THEN.replace("emoji-sr4", "emoji-sr8");
      RenderOutcome outcome = darkroom.settle(base("unknown", 1, then)).outcome();

      RenderOutcome.Rejected rejected = (RenderOutcome.Rejected) outcome;
      assertThat(rejected.problem().kind()).isEqualTo(ErrorClass.MODEL);
      assertThat(rejected.problem().violations())
          .singleElement()
          .satisfies(each -> assertThat(each.pointer()).isEqualTo("/then/0/model"));
      assertThat(darkroom.rows()).isZero();
    }
  }

  @Test
  void aFailureInALaterStageNamesTheStageAndLeavesNoManifest() throws Exception {
    try (TestWorker darkroom =
        new TestWorker(
            folder.resolve("broken"), new EngineLimits(3, Duration.ofSeconds(9)), "emoji-32")) {
      Path larger = TestWorker.STARTER.resolve("emoji-sr4");
      darkroom.serve(
          () ->
              new Refusing(
                  OrtNetworks.load(
                      PackageReader.read(larger), new NetworkSettings(1, 4, Tier.EXACT))));
      RenderOutcome outcome = darkroom.settle(base("broken", 1, THEN + KEPT)).outcome();

      RenderOutcome.Failed failed = (RenderOutcome.Failed) outcome;
      assertThat(failed.problem().kind()).isEqualTo(ErrorClass.MODEL);
      assertThat(failed.problem().message())
          .isEqualTo("stage 2 of 2 (emoji-sr4): the network refuses its inputs: not today");
      assertThat(failed.evaluations()).isEqualTo(2 * 4);
      Path results = folder.resolve("broken/pictures/renders/broken");
      assertThat(Files.exists(results.resolve("manifest.json"))).isFalse();
      // The memory of the failed request is free again.
      completed(darkroom.settle(base("after", 1, "")));
    }
  }

  /** Networks whose denoiser takes no sample. */
  private record Refusing(Networks networks) implements Networks {
    @Override
    public ModelCard card() {
      return networks.card();
    }

    @Override
    public Denoiser denoiser() {
      return new Denoiser() {
        @Override
        public int mostRows() {
          return networks.denoiser().mostRows();
        }

        @Override
        public int rowsOfCall(int used) {
          return networks.denoiser().rowsOfCall(used);
        }

        @Override
        public Call call(Shape sample) {
          throw DeviceFailure.refused("not today");
        }
      };
    }

    @Override
    public Optional<LatentCodec> latentCodec() {
      return networks.latentCodec();
    }

    @Override
    public Fingerprint.Device device() {
      return networks.device();
    }

    @Override
    public void close() {
      networks.close();
    }
  }
}
