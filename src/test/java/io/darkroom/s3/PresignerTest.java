package io.darkroom.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.LocalS3;
import io.darkroom.render.ObjectUri;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;

/** Uses a real store and a client without keys. */
class PresignerTest {
  private static final ObjectUri URI_OF_FOX = ObjectUri.parse("s3://pictures/a b/fox+1.png");

  @TempDir static Path folder;
  private static LocalS3 server;
  private static S3Client client;

  @BeforeAll
  static void startServer() throws Exception {
    server = new LocalS3(folder, 0);
    server.createBucket("pictures");
    client = S3Clients.open(server.settings());
    new S3ObjectStore(client).put(URI_OF_FOX, new byte[] {1, 2, 3}, "image/png");
  }

  @AfterAll
  static void stopServer() {
    client.close();
    server.close();
  }

  @Test
  void anAddressIsReadWithoutKeysUntilItEnds() throws Exception {
    String address = address(server.settings(), new S3Access(client, S3Options.DEFAULT));

    HttpResponse<byte[]> answer = get(address);

    assertThat(address).contains("X-Amz-Expires=600").doesNotContain("locallocal");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).containsExactly(1, 2, 3);
  }

  @Test
  void anAddressDoesNotReadAnotherObject() throws Exception {
    String address = address(server.settings(), new S3Access(client, S3Options.DEFAULT));

    assertThat(get(address.replace("fox", "cat")).statusCode()).isEqualTo(403);
    assertThat(get(address.substring(0, address.indexOf('?'))).statusCode()).isEqualTo(403);
  }

  @Test
  void theBucketIsInThePathIfTheCheckFoundThisStyle() {
    S3Settings named =
        new S3Settings(
            Optional.of(URI.create("http://store.test")),
            "eu-central-1",
            false,
            Optional.of(LocalS3.KEYS),
            Optional.empty(),
            Duration.ofSeconds(20),
            1);
    S3Access access = new S3Access(client, S3Options.DEFAULT);

    assertThat(address(named, access)).startsWith("http://pictures.store.test/");
    access.profile(StoreProfile.ASSUMED.withPathStyle());
    assertThat(address(named, access)).startsWith("http://store.test/pictures/");
  }

  private static String address(S3Settings settings, S3Access access) {
    return new Presigner(settings, access, Duration.ofMinutes(10)).address(URI_OF_FOX);
  }

  private static HttpResponse<byte[]> get(String address) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(address)).build(),
            HttpResponse.BodyHandlers.ofByteArray());
  }
}
