package io.darkroom.app.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.DirectEngine;
import io.darkroom.engine.EngineObserver;
import io.darkroom.onnx.HostilePackages;
import io.darkroom.onnx.PackageCatalog;
import io.darkroom.text.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BucketModelsTest {
  private static final long ROOM = 1 << 30;
  private static final String SERVED = ModelBucket.SERVED.toString();
  private static final Path SD_MINI = Path.of("src/test/resources/pipelines/packages/sd-mini");
  private static final String REQUEST =
      "{\"id\":\"p\",\"kind\":\"generate\",\"model\":\"sd-mini\",\"prompt\":\"ball\",\"width\":64,"
          + "\"height\":64,\"num_inference_steps\":2,\"seed\":1}";

  @TempDir Path root;
  private Path cache;
  private ModelBucket bucket;

  @BeforeEach
  void openBucket() throws Exception {
    cache = root.resolve("cache");
    bucket = new ModelBucket(root.resolve("s3"));
  }

  @AfterEach
  void closeBucket() {
    bucket.close();
  }

  private static float[] pixels(Path pack) throws Exception {
    try (DirectEngine directEngine = new DirectEngine(2, EngineObserver.NONE, pack)) {
      return directEngine.render(directEngine.request(REQUEST)).get(0).pixels().values();
    }
  }

  private void putSound(String name) throws IOException {
    Path sound = root.resolve("sound");
    if (!Files.exists(sound)) {
      HostilePackages.sound(sound);
    }
    bucket.put(name, sound);
  }

  private static List<String> served(LocatedModels located) throws IOException {
    return List.copyOf(PackageCatalog.read(located.folders()).packages().keySet());
  }

  @Test
  void aPackageOfABucketGivesThePixelsOfTheSameFolder() throws Exception {
    bucket.put("sd-mini", SD_MINI);
    try (ModelBucket.Reader first = bucket.reader(cache, ROOM)) {
      LocatedModels located = first.read(SERVED);

      assertThat(ModelBucket.messages(located)).isEmpty();
      assertThat(pixels(located.folders().get(0).resolve("sd-mini"))).isEqualTo(pixels(SD_MINI));
      assertThat(first.lines())
          .satisfiesExactly(
              begin ->
                  assertThat(begin)
                      .isEqualTo(
                          "package download begins model=sd-mini files=14 bytes=%d from=%ssd-mini/",
                          bytes(SD_MINI), SERVED),
              end ->
                  assertThat(end)
                      .matches(
                          "package downloaded model=sd-mini bytes=%d seconds=\\d+\\.\\d"
                              .formatted(bytes(SD_MINI))));
    }
    try (ModelBucket.Reader second = bucket.reader(cache, ROOM)) {
      assertThat(served(second.read(SERVED))).containsExactly("sd-mini");
      assertThat(second.lines()).as("nothing is downloaded again").isEmpty();
    }
  }

  private static long bytes(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  @Test
  void foldersAndPrefixesCanBeCombined() throws Exception {
    putSound("from-bucket");
    putSound("lock");
    bucket.put("from-bucket/tokenizer/", new byte[0]); // as consoles create folders
    bucket.put("notes/readme.txt", "no model");
    bucket.put("loose.json", "{}");
    bucket.put(".hidden/model_index.json", "{}");
    HostilePackages.sound(root.resolve("local/from-folder"));
    try (ModelBucket.Reader reader = bucket.reader(cache, ROOM)) {
      LocatedModels located = reader.read(root.resolve("local").toString(), SERVED);

      assertThat(served(located)).containsExactly("from-bucket", "from-folder", "lock");
      assertThat(ModelBucket.messages(located)).isEmpty();
      assertThat(reader.downloads()).isEqualTo(2);
    }
  }

  @Test
  void aPrefixCanBeOnePackage() throws Exception {
    putSound("alone");
    bucket.put("alone/model_index.json", "{\"_class_name\":\"DDPMPipeline\"}");
    try (ModelBucket.Reader reader = bucket.reader(cache, ROOM)) {
      assertThat(served(reader.read(SERVED + "alone"))).containsExactly("alone");
    }
  }

  @Test
  void aChangedObjectIsANewPackageInTheCache() throws Exception {
    putSound("a");
    Path before;
    try (ModelBucket.Reader reader = bucket.reader(cache, ROOM)) {
      before = reader.read(SERVED).folders().get(0);
    }
    bucket.put("a/labels.json", "[\"one\"]");
    try (ModelBucket.Reader reader = bucket.reader(cache, ROOM)) {
      Path after = reader.read(SERVED).folders().get(0);

      assertThat(reader.downloads()).isEqualTo(1);
      assertThat(after).isNotEqualTo(before);
      assertThat(after.resolve("a/labels.json")).hasContent("[\"one\"]");
    }
  }

  @Test
  void aHalfWrittenPackageIsDownloadedAgain() throws Exception {
    putSound("a");
    Path entry;
    try (ModelBucket.Reader reader = bucket.reader(cache, ROOM)) {
      entry = reader.read(SERVED).folders().get(0);
    }
    Path network = entry.resolve("a/unet/model.onnx");
    byte[] whole = Files.readAllBytes(network);
    Files.write(network, new byte[whole.length - 1]);
    Path leftover = Files.createDirectories(cache.resolve("0".repeat(64) + ".part/b"));
    Files.writeString(leftover.resolve("half"), "half");
    try (ModelBucket.Reader reader = bucket.reader(cache, ROOM)) {
      assertThat(reader.read(SERVED).folders()).containsExactly(entry);

      assertThat(reader.downloads()).isEqualTo(1);
      assertThat(network).hasBinaryContent(whole);
      assertThat(leftover.getParent()).doesNotExist();
    }
  }

  @Test
  void aMissingPartBreaksOnlyItsPackage() throws Exception {
    putSound("broken");
    putSound("sound");
    bucket.delete("broken/unet/model.onnx");
    try (ModelBucket.Reader reader = bucket.reader(cache, ROOM)) {
      PackageCatalog catalog = PackageCatalog.read(reader.read(SERVED).folders());

      assertThat(catalog.packages()).containsOnlyKeys("sound");
      assertThat(catalog.broken().values())
          .singleElement()
          .satisfies(each -> assertThat(each).hasMessageStartingWith("broken: unet/model.onnx: "));
    }
  }

  @Test
  void everyFileMustHaveTheDigestOfTheList() throws Exception {
    for (String name : List.of("good", "other", "short", "unlisted", "wrong")) {
      putSound(name);
    }
    String sums = sums(root.resolve("sound"));
    bucket.put("good/SHA256SUMS", sums);
    bucket.put("other/SHA256SUMS", "no list\n");
    bucket.put("short/SHA256SUMS", sums + "0".repeat(64) + "  unet/weights.bin\n");
    bucket.put("unlisted/SHA256SUMS", sums);
    bucket.put("unlisted/unet/more.json", "{}");
    bucket.put("wrong/SHA256SUMS", sums);
    bucket.put("wrong/unet/config.json", "{}");
    try (ModelBucket.Reader reader = bucket.reader(cache, ROOM)) {
      LocatedModels located = reader.read(SERVED);

      assertThat(served(located)).containsExactly("good");
      assertThat(ModelBucket.messages(located))
          .satisfiesExactly(
              other ->
                  assertThat(other)
                      .isEqualTo(
                          "other: SHA256SUMS: line 1: must be a digest and a file, each file once"),
              missing ->
                  assertThat(missing)
                      .isEqualTo("short: unet/weights.bin: is missing: SHA256SUMS lists it"),
              more ->
                  assertThat(more)
                      .isEqualTo("unlisted: unet/more.json: must be listed in SHA256SUMS"),
              wrong ->
                  assertThat(wrong)
                      .startsWith("wrong: unet/config.json: sha256 must be ")
                      .endsWith(
                          "as in SHA256SUMS, is "
                              + Sha256.of("{}".getBytes(StandardCharsets.UTF_8))));
      assertThat(cache.toFile().list()).as("only the good one and the lock").hasSize(2);
    }
  }

  /** Returns the content of the {@code SHA256SUMS} of a package. */
  static String sums(Path folder) throws IOException {
    StringBuilder sums = new StringBuilder();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        sums.append(Sha256.of(file)).append("  ./").append(folder.relativize(file)).append('\n');
      }
    }
    return sums.toString();
  }
}
