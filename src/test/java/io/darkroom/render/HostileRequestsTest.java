package io.darkroom.render;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.engine.FormulaNetworks;
import io.darkroom.image.Pixels;
import io.darkroom.image.PngWriter;
import io.darkroom.job.ErrorClass;
import io.darkroom.job.Manifest;
import io.darkroom.job.Problem;
import io.darkroom.job.RenderOutcome;
import io.darkroom.job.Violation;
import io.darkroom.text.Sha256;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each kind of hostile or unlucky input ends as it should, and the next request is rendered. */
class HostileRequestsTest {
  @TempDir static Path folder;
  private static TestWorker darkroom;
  private static int next;

  @BeforeAll
  static void open() {
    darkroom = new TestWorker(folder, "emoji-32", "emoji-sr4", "emoji-64");
    darkroom.serve(() -> new FormulaNetworks("formula", 1));
  }

  @AfterAll
  static void close() {
    darkroom.close();
  }

  @AfterEach
  void theNextRequestIsRendered() {
    Settlement settled = darkroom.settle(formula("next-" + next++, 1));
    assertThat(settled.outcome()).isInstanceOf(RenderOutcome.Completed.class);
  }

  private static String formula(String id, int label) {
    return request(id, "formula", "'class_label':" + label + ",'num_inference_steps':2");
  }

  private static String request(String id, String model, String more) {
    return "{'id':'%s','kind':'generate','model':'%s',%s}".formatted(id, model, more);
  }

  private static String upscale(String id, String image) {
    return "{'id':'%s','kind':'upscale','model':'emoji-sr4','num_inference_steps':1,'image':%s}"
        .formatted(id, image);
  }

  @Test
  void unreadableBytesAreRejected() {
    String whole = formula("a", 1).replace('\'', '"');
    byte[] random = new byte[300];
    new Random(1).nextBytes(random);
    unreadable(random, "");
    unreadable(new byte[0], "is empty");
    unreadable(
        whole.substring(0, whole.length() - 1).getBytes(UTF_8), "is not JSON: ends too early");
    unreadable(new byte[(1 << 20) + 1], "must be at most 1048576 bytes, is 1048577");
    unreadable("[".repeat(100_000).getBytes(UTF_8), "must be at most 32 levels deep");
    unreadable(whole.getBytes(UTF_16LE), "must be UTF-8, is UTF-16 or UTF-32");
    unreadable(whole.replace("a", "\u00e4").getBytes(ISO_8859_1), "must be UTF-8, has");
  }

  @Test
  void anEnvelopeWithoutARequestIsRejected() {
    Settlement settled =
        darkroom.settle("{\"data\":7}".getBytes(UTF_8), "application/cloudevents+json");

    assertThat(rejected(settled, ErrorClass.INVALID).message())
        .isEqualTo("CloudEvent: data must be an object, data_base64 text");
    assertThat(settled.outcome().subject()).isEqualTo(TestWorker.SOURCE);
  }

  @Test
  void everyViolationOfTheSchemaIsListed() {
    Settlement settled =
        darkroom.settle(
            "{'id':'many','kind':'generate','model':'emoji-32','num_inference_steps':0,'eta':2,"
                + "'num_images':'3','output':{'format':'gif','where':1},'width':8,'colour':'red'}");

    assertThat(settled.outcome().subject()).isEqualTo("many");
    assertThat(rejected(settled, ErrorClass.INVALID).message())
        .isEqualTo("the request has 7 violations");
    assertThat(pointers(settled))
        .containsExactly(
            "/colour",
            "/eta",
            "/height",
            "/num_images",
            "/num_inference_steps",
            "/output/format",
            "/output/where");
  }

  @Test
  void aModelThatIsNotServedIsRejected() {
    Settlement settled = darkroom.settle(request("model", "emoji-99", "'seed':1"));

    assertThat(rejected(settled, ErrorClass.MODEL).violations())
        .containsExactly(
            new Violation(
                "/model", "must be one of emoji-32, emoji-64, emoji-sr4, formula, is emoji-99"));
  }

  @Test
  void aModelOfAnotherDigestIsRejected() {
    String mine = darkroom.sha256("emoji-32");
    String other = "0".repeat(64);

    Settlement settled = darkroom.settle(request("pinned", "emoji-32@sha256:" + other, "'seed':1"));

    assertThat(rejected(settled, ErrorClass.MODEL).violations())
        .containsExactly(
            new Violation("/model", "its sha256 must be " + mine + " here, is " + other));
  }

  @Test
  void anImpossibleSizeIsRejected() {
    String other = "'class_label':'ball','width':33,'height':31";
    assertThat(violations(darkroom.settle(request("other", "emoji-32", other))))
        .containsExactly(
            "/width: must be 32 for emoji-32, is 33", "/height: must be 32 for emoji-32, is 31");
    String odd = "'class_label':1,'width':9,'height':7";
    assertThat(violations(darkroom.settle(request("odd", "formula", odd))))
        .containsExactly(
            "/width: must be a multiple of 2 for formula, is 9",
            "/height: must be a multiple of 2 for formula, is 7");
    String huge = "'class_label':1,'width':65536,'height':65536";
    assertThat(violations(darkroom.settle(request("huge", "formula", huge))))
        .contains("/width: width times height: must be at most 65536, is 4294967296");
  }

  @Test
  void moreWorkThanTheLimitIsRejected() {
    String most = "'class_label':1,'width':128,'height':128,'num_images':8";
    assertThat(violations(darkroom.settle(request("most", "formula", most))))
        .containsExactly(
            ": evaluations times pixels: must be at most 1000000 (darkroom.limits.work), is "
                + 2 * 8 * 5 * 128 * 128);
    assertThat(
            violations(
                darkroom.settle(
                    request("steps", "emoji-32", "'num_images':9,'num_inference_steps':101"))))
        .contains(
            "/num_images: must be 1 to 8 for this worker, is 9",
            "/num_inference_steps: must be 1 to 100 for this worker, is 101");
  }

  @Test
  void aMissingSourcePictureFails() {
    Problem problem =
        failed(darkroom.settle(upscale("missing", "{'uri':'s3://sources/none.png'}")));

    assertThat(problem.message()).isEqualTo("/image: there is no s3://sources/none.png");
    assertThat(problem.retryable()).isTrue();
  }

  @Test
  void aSourceFileThatIsNotAPictureFails() {
    byte[] picture = picture(8, 8);
    inputFails("GIF89a and more".getBytes(UTF_8), "must be a PNG or JPEG file");
    inputFails(new byte[0], "must be a PNG or JPEG file");
    inputFails(Arrays.copyOf(picture, picture.length / 2), "P");
    inputFails(png(8, 8, new byte[] {1, 2, 3}), "cannot be decoded as png");
  }

  @Test
  void aSourceFileThatIsTooLargeFails() {
    String uri = source(new byte[20_001]);

    assertThat(failed(darkroom.settle(upscale("bytes", uri(uri)))).message())
        .isEqualTo("/image: " + uri + ": must be at most 20000 bytes, is 20001");
    inputFails(picture(101, 100), "must have at most 4096 pixels, is 101 x 100");
    inputFails(picture(80, 60), "must have at most 4096 pixels, is 80 x 60");
  }

  @Test
  void aDecompressionBombFailsFromItsHeader() {
    inputFails(
        png(50_000, 50_000, new byte[100]), "must have at most 4096 pixels, is 50000 x 50000");
    inputFails(
        png(Integer.MAX_VALUE, Integer.MAX_VALUE, new byte[100]),
        "must have at most 4096 pixels, is 2147483647 x 2147483647");
  }

  @Test
  void moreWorkThanTheLimitFailsAfterTheSourceIsRead() {
    String image = uri(source(picture(64, 64)));
    String request = upscale("work", image).replace("steps':1", "steps':100");

    assertThat(failed(darkroom.settle(request)).message())
        .isEqualTo(
            "/image: evaluations times pixels: must be at most 1000000 (darkroom.limits.work), is "
                + 100 * 256 * 256);
  }

  @Test
  void aSourceOfAnotherDigestFails() {
    byte[] picture = picture(8, 8);
    String uri = source(picture);
    String other = "0".repeat(64);

    Settlement settled =
        darkroom.settle(upscale("digest", "{'uri':'" + uri + "','sha256':'" + other + "'}"));

    assertThat(failed(settled).message())
        .isEqualTo("/image: its sha256 must be " + other + ", is " + Sha256.of(picture));
  }

  @Test
  void bucketsThatAreNotAllowedAreRejected() {
    assertThat(violations(darkroom.settle(upscale("in", "{'uri':'s3://payroll/picture.png'}"))))
        .containsExactly(
            "/image/uri: bucket must be one of darkroom.input.buckets of the worker, is payroll");
    assertThat(violations(darkroom.settle(upscale("other", "{'uri':'s3://other/a.png'}"))))
        .as("what may be written to may not be read from")
        .containsExactly(
            "/image/uri: bucket must be one of darkroom.input.buckets of the worker, is other");
    assertThat(
            violations(
                darkroom.settle(
                    request("out", "formula", "'output':{'prefix':'s3://sources/mine/'}"))))
        .containsExactly(
            "/output/prefix: bucket must be one of darkroom.output.buckets of the worker, is sources");
    assertThat(folder.resolve("sources/mine")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"../up", "a/b", "a\\u0000", "a\\nb", "..", "", "a b", "a%2f..", ".a"})
  void idsThatCouldLeaveTheirFolderAreRejected(String id) {
    Settlement settled = darkroom.settle(request(id, "formula", "'class_label':1"));

    assertThat(violations(settled)).singleElement().asString().startsWith("/id: must be ");
    assertThat(settled.outcome().subject()).isEqualTo(TestWorker.SOURCE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3://pictures/../x/",
        "s3://pictures/a/../../x/",
        "s3://pictures//",
        "s3://pictures/a//b/",
        "s3://pictures/./",
        "s3://pictures/a\\nb/",
        "s3://pictures/a\\\\..\\\\b/",
        "s3://pictures/no-slash",
        "s3://../x/",
        "file:///etc/",
        "/etc/"
      })
  void prefixesAndAddressesThatCouldLeaveTheirFolderAreRejected(String address) {
    String prefix = "'class_label':1,'output':{'prefix':'" + address + "'}";

    assertThat(violations(darkroom.settle(request("prefix", "formula", prefix))))
        .singleElement()
        .asString()
        .startsWith("/output/prefix: must be s3://bucket/prefix/ ");
    if (!address.endsWith("no-slash")) {
      assertThat(violations(darkroom.settle(upscale("image", "{'uri':'" + address + "x'}"))))
          .singleElement()
          .asString()
          .startsWith("/image/uri: must be s3://bucket/key, ");
    }
  }

  @Test
  void textOfARequestCannotEndALogLine() {
    String forged = "x\\n2026-11-21 ERROR forged\\r\\u001b[31m\\u2028\\u202e";
    for (String more :
        List.of(
            "'" + forged + "':1",
            "'scheduler':{'timestep_spacing':'" + forged + "'}",
            "'scheduler':{'beta_schedule':'" + forged + "','" + forged + "':1}",
            "'scheduler':{'_class_name':'" + forged + "'}",
            "'class_label':'" + forged + "'",
            "'generator':'" + forged + "'",
            "'deadline':'" + forged + "'",
            "'output':{'prefix':'s3://" + forged + "'}")) {
      Settlement settled = darkroom.settle(request("forged", "formula", more));

      Problem problem = rejected(settled, ErrorClass.INVALID);
      assertThat(problem.message()).doesNotContainPattern("[\\p{C}\\u2028\\u2029]");
      assertThat(violations(settled))
          .isNotEmpty()
          .noneMatch(line -> line.matches("(?s).*[\\p{C}\\u2028\\u2029].*"));
    }
  }

  @Test
  void aPromptLongerThanTheModelsWindowIsCutWithAWarning() {
    String words = "apple ".repeat(200) + "zebra";
    String more = "'prompt':'" + words + "','negative_prompt':'fox','num_inference_steps':1";

    Settlement settled = darkroom.settle(request("long", "emoji-64", more));

    Manifest manifest = ((RenderOutcome.Completed) settled.outcome()).manifest();
    assertThat(manifest.warnings())
        .singleElement()
        .asString()
        .startsWith("prompt: longer than the 77 tokens of text_encoder, truncated: \"apple")
        .endsWith("zebra\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "\\u0001\\u0002\\n\\t", "\ud83e\udd8a\u200d\ud83d\udd25", "\u202eabc"})
  void anyTextIsAPrompt(String prompt) {
    String more = "'prompt':'" + prompt + "','num_inference_steps':1";

    assertThat(darkroom.settle(request("text-" + next, "emoji-64", more)).outcome())
        .isInstanceOf(RenderOutcome.Completed.class);
  }

  @Test
  void nanFailsOnlyItsRequest() {
    CompletableFuture<Settlement> sound =
        CompletableFuture.supplyAsync(() -> darkroom.settle(formula("neighbour", 1)));
    Settlement broken = darkroom.settle(formula("nan", FormulaNetworks.BROKEN));

    RenderOutcome.Failed failed = (RenderOutcome.Failed) broken.outcome();
    assertThat(failed.problem().kind()).isEqualTo(ErrorClass.NUMERIC);
    assertThat(failed.evaluations()).as("spent until then").isPositive();
    assertThat(sound.join().outcome()).isInstanceOf(RenderOutcome.Completed.class);
    assertThat(folder.resolve("pictures/renders/nan")).doesNotExist();
  }

  @Test
  void aRequestBeyondTheMemoryOfTheDeviceFailsAndMayBeSentAgain() {
    Settlement settled = darkroom.settle(formula("large", FormulaNetworks.TOO_LARGE));

    Problem problem = ((RenderOutcome.Failed) settled.outcome()).problem();
    assertThat(problem.kind()).isEqualTo(ErrorClass.CAPACITY);
    assertThat(problem.retryable()).isTrue();
  }

  private static void unreadable(byte[] body, String reason) {
    Settlement settled = darkroom.settle(body, "application/json");

    Problem problem = rejected(settled, ErrorClass.INVALID);
    assertThat(problem.message()).startsWith(reason);
    assertThat(problem.violations()).isEmpty();
    assertThat(settled.outcome().subject()).isEqualTo(TestWorker.SOURCE);
    assertThat(settled.outcome().requestSha256()).isEmpty();
  }

  private static void inputFails(byte[] file, String reason) {
    Settlement settled = darkroom.settle(upscale("input", uri(source(file))));

    assertThat(failed(settled).message()).startsWith("/image: " + reason);
  }

  private static Problem rejected(Settlement settled, ErrorClass kind) {
    assertThat(settled.deadLetter()).isTrue();
    Problem problem = ((RenderOutcome.Rejected) settled.outcome()).problem();
    assertThat(problem.kind()).isEqualTo(kind);
    assertThat(problem.retryable()).isFalse();
    return problem;
  }

  private static Problem failed(Settlement settled) {
    assertThat(settled.deadLetter()).isFalse();
    Problem problem = ((RenderOutcome.Failed) settled.outcome()).problem();
    assertThat(problem.kind()).isEqualTo(ErrorClass.INPUT);
    return problem;
  }

  private static List<String> violations(Settlement settled) {
    return rejected(settled, ErrorClass.INVALID).violations().stream()
        .map(violation -> violation.pointer() + ": " + violation.message())
        .toList();
  }

  private static List<String> pointers(Settlement settled) {
    return rejected(settled, ErrorClass.INVALID).violations().stream()
        .map(Violation::pointer)
        .toList();
  }

  private static String source(byte[] file) {
    ObjectUri uri = ObjectUri.parse("s3://sources/" + Sha256.of(file) + ".png");
    darkroom.store().put(uri, file, "image/png");
    return uri.toString();
  }

  private static String uri(String uri) {
    return "{'uri':'" + uri + "'}";
  }

  private static byte[] picture(int width, int height) {
    return PngWriter.write(
        new Pixels(width, height, 3, new byte[width * height * 3]), List.of(), 9);
  }

  /** A file with a header, some bytes instead of pixels, and an end. */
  private static byte[] png(int width, int height, byte[] pixels) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
    byte[] header = {8, 2, 0, 0, 0};
    chunk(out, "IHDR", ByteBuffer.allocate(13).putInt(width).putInt(height).put(header).array());
    chunk(out, "IDAT", pixels);
    chunk(out, "IEND", new byte[0]);
    return out.toByteArray();
  }

  private static void chunk(ByteArrayOutputStream out, String type, byte[] content) {
    byte[] typed =
        ByteBuffer.allocate(4 + content.length).put(type.getBytes(UTF_8)).put(content).array();
    CRC32 crc = new CRC32();
    crc.update(typed);
    out.writeBytes(ByteBuffer.allocate(4).putInt(content.length).array());
    out.writeBytes(typed);
    out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
  }
}
