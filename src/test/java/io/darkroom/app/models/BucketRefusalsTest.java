package io.darkroom.app.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.model.BrokenPackage;
import io.darkroom.s3.S3Clients;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.S3Client;

/** Tests buckets with keys that must not become files. */
class BucketRefusalsTest {
  private static final String SOUND = "served/sound/model.onnx";

  @TempDir Path root;

  private LocatedModels read(FakeBucket bucket) throws Exception {
    try (S3Client client = S3Clients.open(bucket.settings());
        ModelBucket.Reader reader =
            ModelBucket.reader(client, root.resolve("cache"), 1 << 20, Clock.systemUTC())) {
      return reader.read("s3://models/served");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../outside.json",
        "unet/../../../outside.json",
        "/etc/passwd.json",
        "unet//model.onnx",
        "./config.json",
        "unet\\model.onnx",
        "C:model.onnx",
        "unet/mo\u0000del.onnx",
        "unet/mo\u001bdel.onnx",
        "unet/x\n.onnx"
      })
  void aKeyThatCouldLeaveThePackageIsRefused(String key) throws Exception {
    try (FakeBucket bucket = new FakeBucket(List.of("served/evil/" + key, SOUND))) {
      LocatedModels located = read(bucket);

      assertThat(located.folders()).hasSize(1);
      assertThat(located.broken())
          .singleElement()
          .satisfies(
              each ->
                  assertThat(each.getMessage()).startsWith("evil: ").contains(": the name must"))
          .satisfies(
              each -> assertThat(each.getMessage()).doesNotContain("\u001b", "\n", "\u0000"));
      assertThat(bucket.read()).containsExactly("/models/" + SOUND);
      assertThat(files()).containsExactly("model.onnx");
    }
  }

  /** The files under the test's folder, without locks and digests of downloads. */
  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.endsWith("lock") && !name.equals(".sha256"))
          .toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", ".", "", "a\\b", "a\u0007b", "c:d"})
  void aPackageWhoseNameCouldLeaveTheCacheIsRefused(String name) throws Exception {
    try (FakeBucket bucket =
        new FakeBucket(List.of("served/" + name + "/model_index.json", SOUND))) {
      LocatedModels located = read(bucket);

      assertThat(located.folders()).hasSize(1);
      assertThat(located.broken()).singleElement().extracting(BrokenPackage::file).isEqualTo(".");
      assertThat(bucket.read()).containsExactly("/models/" + SOUND);
    }
  }

  @Test
  void namesAndNumbersOfFilesAreLimited() throws Exception {
    List<String> keys = new ArrayList<>(List.of(SOUND));
    keys.add("served/deep/" + "d/".repeat(300) + "model.onnx");
    keys.add("served/long/" + "x".repeat(300) + ".onnx");
    keys.add("served/twice/unet");
    keys.add("served/twice/unet/model.onnx");
    keys.add("served/un named/model.onnx");
    for (int i = 0; i <= PackageListing.MOST_FILES; i++) {
      keys.add("served/many/" + i + ".json");
    }
    try (FakeBucket bucket = new FakeBucket(keys)) {
      LocatedModels located = read(bucket);

      assertThat(located.folders()).hasSize(1);
      assertThat(located.broken())
          .extracting(BrokenPackage::getMessage)
          .satisfiesExactly(
              deep -> assertThat(deep).startsWith("deep: ").contains("at most 512 characters"),
              longName -> assertThat(longName).startsWith("long: ").contains("at most 255 bytes"),
              many -> assertThat(many).isEqualTo("many: .: must have at most 10000 files"),
              twice -> assertThat(twice).isEqualTo("twice: unet: must not be a file and a folder"),
              named -> assertThat(named).startsWith("un named: .: the folder's name must be "));
    }
  }

  @Test
  void aPrefixOfTooManyFoldersIsNotUsable() throws Exception {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i <= PackageListing.MOST_PACKAGES; i++) {
      keys.add("served/p" + i + "/model.onnx");
    }
    try (FakeBucket bucket = new FakeBucket(keys)) {
      assertThatThrownBy(() -> read(bucket))
          .isInstanceOf(UnusableModels.class)
          .hasMessage("s3://models/served/: must have at most 1000 folders");
    }
  }
}
