package io.darkroom.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.GoldenPackages;
import io.darkroom.engine.EngineLimits;
import io.darkroom.image.AnimatedPng;
import io.darkroom.image.AnimatedPngReader;
import io.darkroom.image.Npy;
import io.darkroom.image.PictureReader;
import io.darkroom.image.Pixels;
import io.darkroom.image.UnreadablePicture;
import io.darkroom.job.ErrorClass;
import io.darkroom.job.Manifest;
import io.darkroom.job.RenderOutcome;
import io.darkroom.job.Violation;
import io.darkroom.onnx.FilmPackage;
import io.darkroom.replay.StoredFiles;
import io.darkroom.text.Sha256;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tensors of requests, and results of other ranks than pictures, from the request to the file. */
class GivenTensorsTest {
  private static final Path INPUTS = Path.of("src/test/resources/pipelines/inputs");

  @TempDir static Path folder;
  private static TestWorker darkroom;

  @BeforeAll
  static void open() throws Exception {
    darkroom = new TestWorker(folder.resolve("store"), new EngineLimits(8, Duration.ofSeconds(30)));
    for (Path each :
        List.of(
            GoldenPackages.folder("diffwave-mini-flat"),
            GoldenPackages.folder("molecule-mini"),
            FilmPackage.write(folder.resolve("films")),
            FilmPackage.write(
                folder.resolve("tables"),
                "{\"max_rows\": 9, \"max_columns\": 7, \"sample_shape\": [\"rows\",\"columns\"]}",
                "rows",
                "columns"),
            FilmPackage.write(
                folder.resolve("cubes"),
                "{\"max_a\": 2, \"max_b\": 2, \"max_c\": 2, \"max_d\": 2,"
                    + " \"sample_shape\": [\"a\", \"b\", \"c\", \"d\"]}",
                "a",
                "b",
                "c",
                "d"))) {
      darkroom.serve(each);
    }
    put("mel", Files.readAllBytes(INPUTS.resolve("mel-a.npy")));
    put("mask", Files.readAllBytes(INPUTS.resolve("mask-14.npy")));
    put("one", Npy.write(new float[] {1, 1, 0, 1, 1}, 1, 5));
    put("large", Npy.write(new float[17], 1, 17));
    put("turned", Npy.write(new float[5], 5));
    put("objects", object());
  }

  /** An array of Python objects. */
  private static byte[] object() {
    byte[] file = Npy.write(new float[2], 1, 2);
    file[21] = '|';
    file[22] = 'O';
    file[23] = '\'';
    file[24] = ' ';
    return file;
  }

  private static void put(String name, byte[] file) {
    darkroom.store().put(ObjectUri.parse("s3://pictures/in/" + name), file, Npy.MEDIA_TYPE);
  }

  @AfterAll
  static void close() {
    darkroom.close();
  }

  private static RenderOutcome settle(String id, String model, String more) {
    return darkroom
        .settle(
            "{'id':'%s','kind':'generate','model':'%s','num_inference_steps':3%s}"
                .formatted(id, model, more))
        .outcome();
  }

  private static Manifest completed(String id, String model, String more) {
    RenderOutcome outcome = settle(id, model, more);
    assertThat(outcome).isInstanceOf(RenderOutcome.Completed.class);
    Manifest manifest = ((RenderOutcome.Completed) outcome).manifest();
    assertThat(new StoredFiles(darkroom.store()).check(manifest)).isEmpty();
    return manifest;
  }

  private static String input(String input, String name) {
    return ",'inputs':{'%s':{'uri':'s3://pictures/in/%s'}}".formatted(input, name);
  }

  private static byte[] file(Manifest.OutputFile output) {
    return file(output.uri());
  }

  private static byte[] file(String uri) {
    return darkroom.store().get(ObjectUri.parse(uri), 1 << 20).orElseThrow();
  }

  @Test
  void aSpectrogramDeterminesTheLengthOfASound() throws Exception {
    Manifest manifest = completed("sound", "diffwave-mini-flat", input("mel", "mel"));
    assertThat(manifest.outputs().get(0).shape()).containsExactly(2048);
    assertThat(manifest.outputs().get(0).mediaType()).isEqualTo("audio/wav");
    assertThat(manifest.request()).containsEntry("audio_length_in_s", 0.256);
    assertThat(manifest.inputs())
        .containsExactly(
            new Manifest.InputFile(
                "s3://pictures/in/mel",
                Sha256.of(Files.readAllBytes(INPUTS.resolve("mel-a.npy")))));
  }

  @Test
  void aMaskDeterminesTheSizeOfASetAndMasksIt() throws Exception {
    String output = ",'num_images':2,'output':{'format':'npy'}";
    Manifest manifest = completed("set", "molecule-mini", input("mask", "one") + output);
    assertThat(manifest.request()).containsEntry("sizes", Map.of("atoms", 5));
    for (Manifest.OutputFile each : manifest.outputs()) {
      Npy set = Npy.read(file(each), 100);
      assertThat(set.shape()).containsExactly(5, 7);
      for (int i = 0; i < set.size(); i++) {
        assertThat(set.floats()[i] == 0).isEqualTo(i / 7 == 2);
      }
    }
  }

  @Test
  void eachImageHasItsRowOfATensor() throws Exception {
    String rows = ",'seeds':[1,1,1],'sizes':{'atoms':14}";
    Manifest manifest = completed("rows", "molecule-mini", input("mask", "mask") + rows);
    float[] masks = Npy.read(Files.readAllBytes(INPUTS.resolve("mask-14.npy")), 100).floats();
    for (int i = 0; i < 3; i++) {
      float[] set = Npy.read(file(manifest.outputs().get(i)), 100).floats();
      for (int atom = 0; atom < 14; atom++) {
        assertThat(set[atom * 7] == 0).isEqualTo(masks[i * 14 + atom] == 0);
      }
    }
  }

  @Test
  void aTensorThatDoesNotFitFailsWithItsRule() {
    assertThat(failure("other", "molecule-mini", input("mask", "one") + ",'sizes':{'atoms':6}"))
        .isEqualTo("/sizes/atoms: must be 5 as in the tensors of the request, is 6");
    assertThat(failure("large", "molecule-mini", input("mask", "large")))
        .isEqualTo("/sizes/atoms: must be at most 16 for molecule-mini, is 17");
    assertThat(failure("rank", "molecule-mini", input("mask", "turned")))
        .isEqualTo("/inputs/mask: must have the rows and then the dimensions [atoms], is [5]");
    assertThat(failure("few", "molecule-mini", input("mask", "mask") + ",'num_images':2"))
        .isEqualTo("/inputs/mask: must have one row, or one for each of 2 images, has 3");
    assertThat(failure("mels", "diffwave-mini-flat", input("mel", "mask")))
        .isEqualTo(
            "/inputs/mel: must have the rows and then the dimensions [20, sample_size / 16], is"
                + " [3, 14]");
    assertThat(failure("object", "molecule-mini", input("mask", "objects")))
        .startsWith("/inputs/mask: NPY descr: must be one of ")
        .endsWith(", is |O");
    String digest = "'sha256':'" + "0".repeat(64) + "'";
    String changed = ",'inputs':{'mask':{'uri':'s3://pictures/in/one'," + digest + "}}";
    assertThat(failure("digest", "molecule-mini", changed))
        .startsWith("/inputs/mask: its sha256 must be 0000");
  }

  @Test
  void aMissingTensorIsAViolation() {
    assertThat(violations("missing", "molecule-mini", ",'sizes':{'features':3}"))
        .containsExactly(
            "/sizes/features: must be left out: the results of molecule-mini have no such side",
            "/inputs/mask: must be a tensor [rows, ...] of [atoms] for molecule-mini");
    assertThat(violations("unread", "films", input("mask", "one")))
        .containsExactly("/inputs/mask: must be left out: films has no such input");
  }

  @Test
  void aResultOfTwoSidesWithoutChannelsIsATensor() throws Exception {
    Manifest manifest = completed("table", "tables", ",'sizes':{'rows':3,'columns':5}");
    assertThat(manifest.outputs().get(0).shape()).containsExactly(3, 5);
    assertThat(Npy.read(file(manifest.outputs().get(0)), 100).shape()).containsExactly(3, 5);
  }

  @Test
  void sizesWhoseProductNoNumberHoldsAreAViolation() {
    String most = ",'sizes':{'a':1048576,'b':1048576,'c':1048576,'d':1048576}";
    assertThat(violations("cube", "cubes", most))
        .contains(
            "elements of a result: must be at most 65536 (darkroom.limits.elements), are"
                + " 9223372036854775807");
  }

  @Test
  void aFilmIsAnArrayOfFrames() throws Exception {
    String size = ",'num_frames':3,'width':6,'height':4";
    Manifest manifest = completed("film", "films", size);
    Manifest.OutputFile output = manifest.outputs().get(0);
    assertThat(output.shape()).containsExactly(3, 4, 6, 3);
    assertThat(new StoredFiles(darkroom.store()).check(manifest)).isEmpty();
    Npy frames = Npy.read(file(output), 1000);
    assertThat(frames.type()).isEqualTo(Npy.Type.UINT8);
    assertThat(frames.shape()).containsExactly(3, 4, 6, 3);

    Manifest.OutputFile animated =
        completed(
                "png",
                "films",
                size
                    + ",'seed':"
                    + Long.toUnsignedString(output.seed())
                    + ",'output':{'format':'png'}")
            .outputs()
            .get(0);
    assertThat(animated.animation()).isEmpty();
    Pixels shown = new PictureReader(100, 1 << 20).read(file(animated));
    byte[] middle = new byte[4 * 6 * 3];
    for (int i = 0; i < middle.length; i++) {
      middle[i] = (byte) frames.longs()[middle.length + i];
    }
    assertThat(shown.toBytes()).isEqualTo(middle);
    assertThat(animated.shape()).containsExactly(3, 4, 6, 3);
    byte[] numbers =
        Arrays.copyOfRange(file(output), file(output).length - 216, file(output).length);
    assertThat(AnimatedPngReader.read(file(animated), 100)).hasValue(numbers);
    Manifest.Animation beside = output.animation().orElseThrow();
    assertThat(beside.uri()).endsWith(".png");
    assertThat(AnimatedPngReader.read(file(beside.uri()), 100)).hasValue(numbers);
  }

  @Test
  void anAnimationWithOtherFramesThanTheTensorIsFound() throws Exception {
    Manifest manifest = completed("beside", "films", ",'num_frames':3,'width':6,'height':4");
    Manifest.OutputFile output = manifest.outputs().get(0);
    Manifest.Animation beside = output.animation().orElseThrow();
    List<Pixels> frames = frames(file(beside.uri()));
    byte[] other = AnimatedPng.write(List.of(frames.get(1), frames.get(0)), 5, List.of(), 6);
    darkroom.store().put(ObjectUri.parse(beside.uri()), other, beside.mediaType());
    assertThat(new StoredFiles(darkroom.store()).check(manifest))
        .singleElement()
        .asString()
        .startsWith(beside.uri() + ": sha256 must be ");
    Manifest.Animation changed =
        new Manifest.Animation(beside.uri(), beside.mediaType(), other.length, Sha256.of(other));
    Manifest.OutputFile pointing = withFile(output, file(output), Optional.of(changed));
    assertThat(new StoredFiles(darkroom.store()).check(withOutput(manifest, pointing)))
        .containsExactly(beside.uri() + ": must have the frames of the output");
  }

  @Test
  void anotherFrameThanTheRecordedOneIsFound() throws Exception {
    String film = ",'num_frames':3,'width':6,'height':4,'output':{'format':'png'}";
    Manifest manifest = completed("verified", "films", film);
    Manifest.OutputFile output = manifest.outputs().get(0);
    List<Pixels> frames = frames(file(output));
    List<Pixels> changed = List.of(frames.get(0), frames.get(1), frames.get(1));
    byte[] other = AnimatedPng.write(changed, 5, List.of(), 6);
    darkroom.store().put(ObjectUri.parse(output.uri()), other, output.mediaType());
    assertThat(new StoredFiles(darkroom.store()).check(withFile(manifest, other)))
        .singleElement()
        .asString()
        .startsWith(output.uri() + ": pixels_sha256 must be " + output.pixelsSha256());
  }

  private static List<Pixels> frames(byte[] file) throws UnreadablePicture {
    byte[] samples = AnimatedPngReader.read(file, 100).orElseThrow();
    int size = 6 * 4 * 3;
    return IntStream.range(0, samples.length / size)
        .mapToObj(i -> new Pixels(6, 4, 3, Arrays.copyOfRange(samples, i * size, (i + 1) * size)))
        .toList();
  }

  /** The manifest with length and digest of another file. */
  private static Manifest withFile(Manifest manifest, byte[] file) {
    Manifest.OutputFile output = manifest.outputs().get(0);
    return withOutput(manifest, withFile(output, file, output.animation()));
  }

  private static Manifest.OutputFile withFile(
      Manifest.OutputFile output, byte[] file, Optional<Manifest.Animation> animation) {
    return new Manifest.OutputFile(
        output.index(),
        output.seed(),
        output.uri(),
        output.mediaType(),
        output.shape(),
        output.size(),
        file.length,
        Sha256.of(file),
        output.pixelsSha256(),
        animation);
  }

  private static Manifest withOutput(Manifest manifest, Manifest.OutputFile output) {
    return new Manifest(
        manifest.requestId(),
        manifest.requestSha256(),
        manifest.request(),
        List.of(output),
        manifest.inputs(),
        manifest.stages(),
        manifest.timings(),
        manifest.steps(),
        manifest.modelEvaluations(),
        manifest.attempts(),
        manifest.warnings(),
        manifest.metadata(),
        manifest.attestation());
  }

  @Test
  void theDefaultSizeOfAFilmIsThePackages() {
    Manifest manifest = completed("standard", "films", ",'preview_every':1");
    assertThat(manifest.outputs().get(0).shape()).containsExactly(4, 8, 8, 3);
    assertThat(manifest.request()).containsEntry("num_frames", 4).containsEntry("width", 8);
  }

  @Test
  void sidesOfAFilmAreLimited() {
    assertThat(violations("odd", "films", ",'num_frames':3,'width':5,'height':4"))
        .containsExactly("/width: must be a multiple of 2 for films, is 5");
    assertThat(violations("long", "films", ",'num_frames':65536"))
        .contains(
            "elements of a result: must be at most 65536 (darkroom.limits.elements), are 12582912");
  }

  private static List<String> violations(String id, String model, String more) {
    RenderOutcome.Rejected rejected = (RenderOutcome.Rejected) settle(id, model, more);
    return rejected.problem().violations().stream().map(GivenTensorsTest::line).toList();
  }

  private static String line(Violation violation) {
    return violation.pointer().isEmpty()
        ? violation.message()
        : violation.pointer() + ": " + violation.message();
  }

  private static String failure(String id, String model, String more) {
    RenderOutcome.Failed failed = (RenderOutcome.Failed) settle(id, model, more);
    assertThat(failed.problem().kind()).isEqualTo(ErrorClass.INPUT);
    return failed.problem().message();
  }
}
