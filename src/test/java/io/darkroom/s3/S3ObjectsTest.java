package io.darkroom.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.LocalS3;
import io.darkroom.render.ObjectStore.StoreFailure;
import io.darkroom.render.ObjectUri;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;

class S3ObjectsTest {
  private static final String BUCKET = "models";
  private static final ObjectUri PREFIX = ObjectUri.parse("s3://models/served/");
  private static final S3Options SMALL_PARTS =
      new S3Options(
          false, WriteOptions.NONE, S3Options.LEAST_PART, 4, S3Options.DEFAULT.deadline());

  @TempDir static Path root;
  @TempDir Path folder;
  private static LocalS3 server;
  private static S3Client client;

  @BeforeAll
  static void startServer() throws Exception {
    server = new LocalS3(root, 0);
    server.createBucket(BUCKET);
    client = S3Clients.open(server.settings());
  }

  @AfterAll
  static void stopServer() {
    client.close();
    server.close();
  }

  private static void put(String key, byte[] bytes) {
    new S3ObjectStore(client).put(new ObjectUri(BUCKET, key), bytes, "application/octet-stream");
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static S3Objects objects() {
    return new S3Objects(new S3Access(client, SMALL_PARTS), 2);
  }

  @Test
  void pagesAreReadUntilTheLastOrTheLimit() {
    for (String key : List.of("a/1", "a/2", "b/c/3", "d/4", "e", "f/5")) {
      put("served/" + key, text(key));
    }
    put("other/g/6", text("g"));

    S3Objects.Level level = objects().level(PREFIX, 100);
    List<ListedObject> all = objects().list(BUCKET, PREFIX.key(), 100);

    assertThat(level.folders()).containsExactly("a", "b", "d", "f");
    assertThat(level.objects()).extracting(ListedObject::key).containsExactly("served/e");
    assertThat(all)
        .extracting(ListedObject::key)
        .containsExactly(
            "served/a/1", "served/a/2", "served/b/c/3", "served/d/4", "served/e", "served/f/5");
    assertThat(all).allSatisfy(each -> assertThat(each.etag()).isNotEmpty());
    assertThat(objects().list(BUCKET, PREFIX.key(), 2)).hasSize(4);
    assertThat(objects().level(PREFIX, 1).folders()).hasSize(2);
  }

  @Test
  void aLargeObjectIsWrittenInParts() throws Exception {
    byte[] large = new byte[2 * S3Options.LEAST_PART + 77];
    new Random(1).nextBytes(large);
    Path file = folder.resolve("large.bin");
    ListedObject listed = put("large/large.bin", large, "large/");

    objects().download(new ObjectUri(BUCKET, listed.key()), listed, file);

    assertThat(Files.readAllBytes(file)).isEqualTo(large);
    assertThatThrownBy(() -> objects().download(new ObjectUri(BUCKET, listed.key()), listed, file))
        .isInstanceOf(FileAlreadyExistsException.class);
  }

  private static ListedObject put(String key, byte[] bytes, String prefix) {
    put(key, bytes);
    return objects().list(BUCKET, prefix, 1).get(0);
  }

  @Test
  void anEmptyObjectIsAnEmptyFile() throws Exception {
    ListedObject listed = put("empty/file", new byte[0], "empty/");

    objects().download(new ObjectUri(BUCKET, listed.key()), listed, folder.resolve("empty"));

    assertThat(folder.resolve("empty")).isEmptyFile();
  }

  @Test
  void anAnswerThatBreaksOffIsReadAgain() throws Exception {
    ListedObject listed = put("broken/file", text("all of it"), "broken/");
    Path file = folder.resolve("whole");
    FaultyHttp http = new FaultyHttp().breakingOffTheFirstGet();
    try (S3Client faulty = S3Clients.builder(server.settings()).httpClient(http).build()) {
      new S3Objects(new S3Access(faulty, SMALL_PARTS))
          .download(new ObjectUri(BUCKET, listed.key()), listed, file);
    }
    assertThat(file).hasContent("all of it");
    assertThat(http.gets()).isEqualTo(2);
  }

  @Test
  void anObjectThatWasChangedIsRefused() {
    ListedObject listed = put("changed/file", text("first"), "changed/");
    put("changed/file", text("other"));

    assertThatThrownBy(
            () ->
                objects()
                    .download(
                        new ObjectUri(BUCKET, listed.key()), listed, folder.resolve("changed")))
        .isInstanceOfSatisfying(
            StoreFailure.class, failure -> assertThat(failure.refused()).isTrue())
        .hasMessage("s3://models/changed/file: was changed after it was listed");
  }

  @Test
  void aMissingBucketIsRefused() {
    assertThatThrownBy(() -> objects().level(ObjectUri.parse("s3://nowhere/served/"), 10))
        .isInstanceOfSatisfying(
            StoreFailure.class, failure -> assertThat(failure.refused()).isTrue())
        .hasMessage("s3://nowhere/served/: cannot be listed: 404 NoSuchBucket");
  }
}
