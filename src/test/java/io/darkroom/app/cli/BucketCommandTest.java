package io.darkroom.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.LocalS3;
import io.darkroom.onnx.HostilePackages;
import io.darkroom.render.ObjectUri;
import io.darkroom.s3.S3Access;
import io.darkroom.s3.S3Clients;
import io.darkroom.s3.S3ObjectStore;
import io.darkroom.s3.S3Options;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;

/** The command line on packages of a bucket. */
class BucketCommandTest {
  private static final ObjectUri PREFIX = ObjectUri.parse("s3://models/served/");

  @TempDir Path root;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int models(String place) {
    return Main.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute("models", "--models", place);
  }

  private static void upload(LocalS3 server, Path folder) throws Exception {
    server.createBucket(PREFIX.bucket());
    try (S3Client client = S3Clients.open(server.settings());
        Stream<Path> files = Files.walk(folder)) {
      S3ObjectStore store = new S3ObjectStore(new S3Access(client, S3Options.DEFAULT));
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String key = folder.relativize(file).toString();
        store.put(PREFIX.child(key), Files.readAllBytes(file), "application/octet-stream");
      }
    }
  }

  private Map<String, String> keys(LocalS3 server) {
    return Map.of(
        "darkroom.s3.endpoint", server.endpoint().toString(),
        "darkroom.s3.path-style", "true",
        "darkroom.s3.access-key-id", LocalS3.KEYS.accessKeyId(),
        "darkroom.s3.secret-access-key", LocalS3.KEYS.secretAccessKey(),
        "darkroom.models-cache.folder", root.resolve("cache").toString());
  }

  @Test
  void packagesOfABucketAreListedAndBrokenOnesNamed() throws Exception {
    HostilePackages.sound(root.resolve("models/sound"));
    HostilePackages.sound(root.resolve("models/wrong"));
    Files.writeString(root.resolve("models/wrong/SHA256SUMS"), "0".repeat(64) + "  unet/other\n");
    try (LocalS3 server = new LocalS3(root.resolve("s3"), 0)) {
      upload(server, root.resolve("models"));
      keys(server).forEach(System::setProperty);

      assertThat(models("s3://models/served")).isEqualTo(1);
      assertThat(models("s3://nowhere/served")).isEqualTo(1);
      assertThat(models("s3://UPPER/served")).isEqualTo(2);
      keys(server).keySet().forEach(System::clearProperty);
    }

    assertThat(out.toString()).containsPattern("sound +\\| nothing");
    assertThat(err.toString().lines().filter(line -> !line.contains("package download")))
        .satisfiesExactly(
            broken ->
                assertThat(broken).matches("darkroom: not served: wrong: .*must be listed in .*"),
            nowhere ->
                assertThat(nowhere)
                    .isEqualTo(
                        "darkroom: s3://nowhere/served/: cannot be listed: 404 NoSuchBucket"),
            invalid ->
                assertThat(invalid)
                    .contains("must be a folder or s3://bucket/prefix/, is s3://UPPER/served"));
  }
}
