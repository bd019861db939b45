package io.darkroom.render;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.image.EmbeddedText;
import io.darkroom.image.OutputFormats;
import io.darkroom.image.PngTextReader;
import io.darkroom.image.ResultReader;
import io.darkroom.job.ErrorClass;
import io.darkroom.job.Fingerprint;
import io.darkroom.job.Manifest;
import io.darkroom.job.Problem;
import io.darkroom.job.RenderOutcome;
import io.darkroom.job.Size;
import io.darkroom.json.EventCodec;
import io.darkroom.json.ManifestCodec;
import io.darkroom.json.MessageHeaders;
import io.darkroom.json.Schemas;
import io.darkroom.replay.StoredFiles;
import io.darkroom.text.Sha256;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RenderPipelineTest {
  private static final String GENERATED =
      "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia";
  private static final int TWO_IMAGES_OF_TWO_GUIDED_STEPS = 2 * 2 * 2;

  @TempDir static Path folder;
  private static TestWorker darkroom;

  @BeforeAll
  static void open() {
    darkroom = new TestWorker(folder, "emoji-32");
  }

  @AfterAll
  static void close() {
    darkroom.close();
  }

  private static String request(String id, String more) {
    return "{'id':'"
        + id
        + "','kind':'generate','model':'emoji-32','class_label':'cat-face','seed':5,"
        + "'num_images':2,'num_inference_steps':2"
        + more
        + "}";
  }

  @Test
  void aRequestGivesPicturesNamedByTheirDigestsAndAManifest() throws Exception {
    long before = darkroom.rows();
    Settlement settled = darkroom.settle(request("first", ",'metadata':{'album':'x'}"));

    assertThat(settled.deadLetter()).isFalse();
    Manifest manifest = completed(settled, false);
    assertThat(darkroom.rows() - before).isEqualTo(TWO_IMAGES_OF_TWO_GUIDED_STEPS);
    assertThat(manifest.modelEvaluations()).isEqualTo(TWO_IMAGES_OF_TWO_GUIDED_STEPS);
    assertThat(manifest.requestId()).isEqualTo("first");
    assertThat(manifest.metadata()).isEqualTo(Map.of("album", "x"));
    assertThat(manifest.stages()).extracting(stage -> stage.model()).containsExactly("emoji-32");
    assertThat(manifest.fingerprints())
        .extracting(Fingerprint::packageSha256)
        .containsExactly(darkroom.sha256("emoji-32"));
    assertThat(manifest.outputs()).extracting(Manifest.OutputFile::seed).containsExactly(5L, 6L);
    for (Manifest.OutputFile output : manifest.outputs()) {
      assertThat(output.shape()).containsExactly(3, 32, 32);
      assertThat(output.size()).contains(new Size(32, 32));
      byte[] file = object(output.uri());
      assertThat(Sha256.of(file)).isEqualTo(output.sha256());
      assertThat(file).hasSize((int) output.bytes());
      assertThat(output.uri())
          .isEqualTo(
              "s3://pictures/renders/first/%d-%s.png",
              output.index(), output.sha256().substring(0, 12));
    }
    assertThat(new ManifestCodec().read(object("s3://pictures/renders/first/manifest.json")))
        .isEqualTo(manifest);
  }

  @Test
  void anEventOfAnotherTypeIsRejectedInBothModesAndKept() {
    String request = request("other-type", "");
    String structured =
        "{'specversion':'1.0','type':'a.b','data':%s}".formatted(request).replace('\'', '"');
    Settlement binary =
        darkroom
            .over(darkroom.store())
            .settle(of(new MessageHeaders("application/json", "1.0", "a.b"), request));

    Settlement enveloped =
        darkroom.settle(structured.getBytes(UTF_8), "application/cloudevents+json");
    for (Settlement settled : List.of(binary, enveloped)) {
      RenderOutcome.Rejected rejected = (RenderOutcome.Rejected) settled.outcome();
      assertThat(settled.deadLetter()).isTrue();
      assertThat(rejected.problem().kind()).isEqualTo(ErrorClass.INVALID);
      assertThat(rejected.problem().message())
          .endsWith("type must be \"io.darkroom.render.requested.v1\", is \"a.b\"");
    }
  }

  private static Delivery of(MessageHeaders headers, String json) {
    Delivery plain = TestWorker.delivery(json);
    return new Delivery(
        plain.source(),
        headers,
        plain.body(),
        plain.published(),
        plain.received(),
        plain.attempts(),
        plain.traceContext(),
        plain.tenant(),
        plain.lease());
  }

  @Test
  void theEventsOfRendersConformToTheirSchema() {
    EventCodec events = new EventCodec("/darkroom/test");
    for (String format : List.of("png", "jpeg", "npy", "webp")) {
      String output = ",'output':{'format':'" + format + "'}";
      RenderOutcome outcome = darkroom.settle(request("schema-" + format, output)).outcome();

      byte[] data = events.terminal(outcome, 1, TestWorker.NOW).data();

      Schemas.assertValid("render-completed", data);
      assertThat(new String(data, UTF_8)).contains("\"shape\":[3,32,32],\"width\":32");
    }
  }

  @Test
  void aManifestCountsDeliveriesUpToTheOneThatWasRendered() {
    Delivery delivery = TestWorker.delivery(request("delivered", ""));
    RenderPipeline pipeline = darkroom.over(darkroom.store());

    assertThat(completed(pipeline.settle(nth(delivery, 3)), false).attempts()).isEqualTo(3);
    assertThat(completed(pipeline.settle(nth(delivery, 4)), true).attempts()).isEqualTo(3);
  }

  private static Delivery nth(Delivery delivery, int attempts) {
    return new Delivery(
        delivery.source(),
        delivery.headers(),
        delivery.body(),
        delivery.published(),
        delivery.received(),
        attempts,
        delivery.traceContext(),
        delivery.tenant(),
        delivery.lease());
  }

  @Test
  void aPictureContainsItsRequestAndFingerprint() throws Exception {
    Manifest manifest = completed(darkroom.settle(request("says", "")), false);

    List<EmbeddedText> texts = PngTextReader.read(object(manifest.outputs().get(0).uri()));
    assertThat(texts)
        .extracting(EmbeddedText::keyword)
        .containsExactly(
            "parameters", "darkroom.request", "darkroom.fingerprint", "XML:com.adobe.xmp");
    assertThat(texts.get(0).text())
        .startsWith("cat-face\nSteps: 2, Sampler: ")
        .contains("Seed: 5, Size: 32x32, Model: emoji-32");
    assertThat(texts.get(1).text()).contains("\"id\":\"says\"", "\"num_inference_steps\":2");
    assertThat(texts.get(2).text()).contains(darkroom.sha256("emoji-32"));
    assertThat(texts.get(3).text()).contains(GENERATED);
  }

  @Test
  void aJpegContainsItsRequestAndFingerprint() {
    String jpeg = ",'output':{'format':'jpeg'}";
    Manifest manifest = completed(darkroom.settle(request("photograph", jpeg)), false);

    String file = new String(object(manifest.outputs().get(1).uri()), ISO_8859_1);
    assertThat(file)
        .contains("darkroom.request: {\"id\":\"photograph\"", "darkroom.fingerprint: {")
        .contains("http://ns.adobe.com/xap/1.0/\0<?xpacket ", GENERATED)
        .contains(new String("cat-face\nSteps: 2, Sampler: ".getBytes(UTF_16BE), ISO_8859_1))
        .contains(new String("Seed: 6, Size: 32x32".getBytes(UTF_16BE), ISO_8859_1));
  }

  @Test
  void rendersThatDifferHaveLinesThatDiffer() throws Exception {
    assertThat(line("plain", "")).isEqualTo(line("plain-2", ",'priority':9"));
    String euler = ",'scheduler':{'_class_name':'euler'%s}";
    assertThat(line("euler", euler.formatted("")))
        .startsWith("cat-face\nSteps: 2, Sampler: Euler, CFG scale: ");
    assertThat(line("karras", euler.formatted(",'use_karras_sigmas':true")))
        .startsWith("cat-face\nSteps: 2, Sampler: Euler, Schedule type: Karras, CFG scale: ")
        .endsWith(", scheduler: \"{\\\"use_karras_sigmas\\\":true}\"");
    assertThat(line("eta", ",'scheduler':{'_class_name':'ddim'},'eta':0.5"))
        .contains("Sampler: DDIM, ")
        .endsWith(", eta: 0.5");
    assertThat(line("churn", euler.formatted("") + ",'s_churn':0.5")).endsWith(", s_churn: 0.5");
    assertThat(line("batch", ",'seed_mode':'batch'")).endsWith(", seed_mode: batch");
  }

  private static String line(String id, String more) throws Exception {
    Manifest manifest = completed(darkroom.settle(request(id, more)), false);
    return PngTextReader.read(object(manifest.outputs().get(0).uri())).get(0).text();
  }

  @Test
  void theSameRequestAgainIsAnsweredFromTheStore() {
    Manifest first = completed(darkroom.settle(request("again", "")), false);
    long rows = darkroom.rows();

    Manifest second = completed(darkroom.settle(request("again", ",'priority':9")), true);

    assertThat(second).isEqualTo(first);
    assertThat(darkroom.rows()).isEqualTo(rows);
  }

  @Test
  void anotherRequestUnderTheSameIdIsAConflict() {
    Manifest first = completed(darkroom.settle(request("taken", "")), false);

    Settlement settled = darkroom.settle(request("taken", ",'eta':0.5"));

    RenderOutcome.Rejected rejected = (RenderOutcome.Rejected) settled.outcome();
    assertThat(settled.deadLetter()).isTrue();
    assertThat(rejected.problem().kind()).isEqualTo(ErrorClass.CONFLICT);
    assertThat(rejected.problem().message())
        .isEqualTo(
            "a different request was rendered under this id and prefix: request_sha256 is %s, the"
                + " stored one's %s",
            rejected.requestSha256(), first.requestSha256());
    assertThat(completed(darkroom.settle(request("taken", "")), true)).isEqualTo(first);
  }

  @Test
  void aReplayRendersAgainAndFindsTheSamePixels() {
    Manifest first = completed(darkroom.settle(request("replayed", "")), false);
    long rows = darkroom.rows();

    Manifest replay = completed(darkroom.settle(request("replayed", ",'render':'always'")), true);

    assertThat(replay).isEqualTo(first);
    assertThat(darkroom.rows() - rows).isEqualTo(TWO_IMAGES_OF_TWO_GUIDED_STEPS);
  }

  @Test
  void otherPixelsThanTheStoredOnesAreADivergence() {
    Manifest first = completed(darkroom.settle(request("diverged", "")), false);
    String mine = first.outputs().get(0).pixelsSha256();
    String other = "0".repeat(64);
    tamper("diverged", mine, other);

    RenderOutcome.Failed failed =
        failed(darkroom.settle(request("diverged", ",'render':'always'")));

    assertThat(failed.problem().kind()).isEqualTo(ErrorClass.DIVERGENCE);
    assertThat(failed.problem().message()).contains(mine, other);
  }

  @Test
  void aDamagedManifestFailsOnlyItsRequest() {
    completed(darkroom.settle(request("damaged", "")), false);
    tamper("damaged", "\"outputs\"", "\"outputz\"");

    RenderOutcome.Failed failed = failed(darkroom.settle(request("damaged", "")));

    assertThat(failed.problem().kind()).isEqualTo(ErrorClass.STORAGE);
    assertThat(failed.problem().message())
        .startsWith("s3://pictures/renders/damaged/manifest.json: manifest: ");
    completed(darkroom.settle(request("undamaged", "")), false);
  }

  @Test
  void anObjectTooLongForAManifestFailsOnlyItsRequest() {
    ObjectUri uri = ObjectUri.parse("s3://pictures/renders/endless/manifest.json");
    darkroom.store().put(uri, new byte[(4 << 20) + 1], "application/json");

    RenderOutcome.Failed failed = failed(darkroom.settle(request("endless", "")));

    assertThat(failed.problem().kind()).isEqualTo(ErrorClass.STORAGE);
    assertThat(failed.problem().message())
        .isEqualTo(uri + ": must be at most 4194304 bytes, is 4194305");
  }

  @Test
  void aRequestPastItsDeadlineIsNotBegun() {
    long rows = darkroom.rows();

    Settlement settled = darkroom.settle(request("late", ",'deadline':'2026-11-21T11:59:59.999Z'"));

    assertThat(failed(settled).problem().kind()).isEqualTo(ErrorClass.DEADLINE);
    assertThat(settled.deadLetter()).isFalse();
    assertThat(darkroom.rows()).isEqualTo(rows);
    completed(darkroom.settle(request("early", ",'deadline':'2026-11-21T13:00:00Z'")), false);
  }

  @Test
  void aFinishedRequestPastItsDeadlineIsAnswered() {
    completed(darkroom.settle(request("done", "")), false);

    completed(darkroom.settle(request("done", ",'deadline':'2026-11-21T11:00:00Z'")), true);
  }

  @Test
  void aWholeBucketCanBeAPrefix() {
    Manifest manifest =
        completed(darkroom.settle(request("root", ",'output':{'prefix':'s3://other/'}")), false);

    assertThat(manifest.outputs().get(0).uri()).startsWith("s3://other/root/0-");
    assertThat(folder.resolve("other/root/manifest.json")).isRegularFile();
  }

  @Test
  void finishedPicturesAreKeptWhileTheStoreFails() {
    FaultyStore store = new FaultyStore(darkroom.store(), false).failObjects(2).failCommits(1);
    long rows = darkroom.rows();

    Settlement settled = darkroom.over(store).settle(TestWorker.delivery(request("kept", "")));

    completed(settled, false);
    assertThat(darkroom.rows() - rows).isEqualTo(TWO_IMAGES_OF_TWO_GUIDED_STEPS);
    assertThat(store.writes()).as("2 that failed, 2 pictures, 2 commits").isEqualTo(6);
  }

  @Test
  void aStoreThatKeepsFailingLeavesTheRequestUnsettled() {
    FaultyStore store = new FaultyStore(darkroom.store(), false).failObjects(100);
    RenderPipeline pipeline = darkroom.over(store);

    assertThatThrownBy(() -> pipeline.settle(TestWorker.delivery(request("unsettled", ""))))
        .isInstanceOfSatisfying(
            ObjectStore.StoreFailure.class, failure -> assertThat(failure.lasting()).isTrue())
        .hasMessageEndingWith(": does not answer");
    assertThat(store.writes()).as("after pauses of 1, 2, 2 and 2 ms").isEqualTo(5);
    store.failObjects(0);
    completed(pipeline.settle(TestWorker.delivery(request("unsettled", ""))), false);
  }

  @Test
  void aRefusalOfABucketThatTheRequestNamesEndsIt() {
    FaultyStore store = new FaultyStore(darkroom.store(), true).failObjects(1);
    String elsewhere = request("refused", ",'output':{'prefix':'s3://other/'}");

    Settlement settled = darkroom.over(store).settle(TestWorker.delivery(elsewhere));

    assertThat(failed(settled).problem().kind()).isEqualTo(ErrorClass.STORAGE);
    assertThat(store.writes()).isEqualTo(1);
  }

  @Test
  void aRefusalOfTheDefaultBucketIsNotTheRequestsFault() {
    FaultyStore store = new FaultyStore(darkroom.store(), true).failObjects(1);
    RenderPipeline pipeline = darkroom.over(store);

    assertThatThrownBy(() -> pipeline.settle(TestWorker.delivery(request("held", ""))))
        .isInstanceOfSatisfying(
            ObjectStore.StoreFailure.class, failure -> assertThat(failure.refused()).isTrue());
    assertThat(store.writes()).isEqualTo(1);
    completed(pipeline.settle(TestWorker.delivery(request("held", ""))), false);
  }

  @Test
  void aRequestThatIsGivenUpIsADeadLetterUnlessItIsCommitted() {
    Problem problem = Problem.of(ErrorClass.STORAGE, "500 InternalError");
    RenderPipeline pipeline = darkroom.over(darkroom.store());

    Settlement given = pipeline.giveUp(TestWorker.delivery(request("given-up", "")), problem);

    assertThat(failed(given).problem()).isEqualTo(problem);
    assertThat(failed(given).subject()).isEqualTo("given-up");
    assertThat(failed(given).requestSha256()).hasSize(64);
    assertThat(given.deadLetter()).isTrue();
    completed(pipeline.settle(TestWorker.delivery(request("given-up", ""))), false);
    Settlement committed = pipeline.giveUp(TestWorker.delivery(request("given-up", "")), problem);
    completed(committed, true);
    assertThat(committed.deadLetter()).isFalse();
  }

  @Test
  void aFaultOfTheWorkerEndsTheRequest() {
    ObjectStore faulty =
        new ObjectStore() {
          @Override
          public Optional<byte[]> get(ObjectUri uri, long maxBytes) {
            throw new IllegalStateException("secret");
          }

          @Override
          public Optional<Beginning> begin(ObjectUri uri, int maxBytes) {
            return Optional.empty();
          }

          @Override
          public void put(ObjectUri uri, byte[] bytes, String mediaType) {}

          @Override
          public boolean putIfAbsent(ObjectUri uri, byte[] bytes, String mediaType) {
            return true;
          }

          @Override
          public void delete(ObjectUri uri) {}
        };

    Settlement settled = darkroom.over(faulty).settle(TestWorker.delivery(request("fault", "")));

    assertThat(failed(settled).problem().kind()).isEqualTo(ErrorClass.INTERNAL);
    assertThat(failed(settled).problem().message())
        .isEqualTo("internal error, see the log of the worker");
    assertThat(failed(settled).problem().retryable()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpeg", "npy", "webp"})
  void everyFormatIsWritten(String format) {
    Manifest manifest =
        completed(
            darkroom.settle(request("as-" + format, ",'output':{'format':'" + format + "'}")),
            false);

    assertThat(manifest.outputs().get(1).uri()).endsWith("." + format);
    assertThat(object(manifest.outputs().get(1).uri())).isNotEmpty();
    assertThat(OutputFormats.of(object(manifest.outputs().get(1).uri())).orElseThrow().name())
        .isEqualTo(format);
    assertThat(new StoredFiles(darkroom.store()).check(manifest)).isEmpty();
  }

  @Test
  void webpIsLosslessUnlessTheRequestGivesAQuality() throws Exception {
    String format = ",'output':{'format':'webp'%s}";
    byte[] png = firstFile("webp-png", "");
    byte[] lossless = firstFile("webp-lossless", format.formatted(""));
    byte[] lossy = firstFile("webp-lossy", format.formatted(",'quality':60"));

    ResultReader reader = new ResultReader(1 << 16, 1 << 20);
    assertThat(reader.read(lossless)).isEqualTo(reader.read(png));
    assertThat(reader.read(lossy)).isNotEqualTo(reader.read(png));
    assertThat(ResultReader.lossless(lossy)).isFalse();
    assertThat(new String(lossless, UTF_8))
        .contains("<darkroom:request>", "<darkroom:fingerprint>", "DigitalSourceType");
  }

  private static byte[] firstFile(String id, String output) {
    Manifest manifest = completed(darkroom.settle(request(id, output)), false);
    return object(manifest.outputs().get(0).uri());
  }

  private static byte[] object(String uri) {
    return darkroom.store().get(ObjectUri.parse(uri), 1 << 20).orElseThrow();
  }

  private static void tamper(String id, String text, String other) {
    String uri = "s3://pictures/renders/" + id + "/manifest.json";
    String manifest = new String(object(uri), StandardCharsets.UTF_8);
    assertThat(manifest).contains(text);
    byte[] changed = manifest.replace(text, other).getBytes(StandardCharsets.UTF_8);
    darkroom.store().put(ObjectUri.parse(uri), changed, "application/json");
  }

  private static Manifest completed(Settlement settled, boolean reused) {
    assertThat(settled.outcome()).isInstanceOf(RenderOutcome.Completed.class);
    RenderOutcome.Completed completed = (RenderOutcome.Completed) settled.outcome();
    assertThat(completed.reused()).isEqualTo(reused);
    return completed.manifest();
  }

  private static RenderOutcome.Failed failed(Settlement settled) {
    assertThat(settled.outcome()).isInstanceOf(RenderOutcome.Failed.class);
    return (RenderOutcome.Failed) settled.outcome();
  }
}
