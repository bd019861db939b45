package io.darkroom.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.LocalCertificate;
import io.darkroom.LocalS3;
import io.darkroom.render.ObjectStore;
import io.darkroom.render.ObjectStoreContract;
import io.darkroom.render.ObjectUri;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.SystemPropertyCredentialsProvider;
import software.amazon.awssdk.services.s3.S3Client;

class S3ObjectStoreTest extends ObjectStoreContract {
  @TempDir static Path folder;
  private static LocalS3 server;
  private static S3Client client;

  @BeforeAll
  static void startServer() throws Exception {
    server = new LocalS3(folder, 0);
    server.createBucket("pictures");
    client = S3Clients.open(server.settings());
  }

  @AfterAll
  static void stopServer() {
    client.close();
    server.close();
  }

  @Override
  protected ObjectStore store() {
    return new S3ObjectStore(client);
  }

  @Override
  protected String bucket() {
    return "pictures";
  }

  @Test
  void aWriteWithALostAnswerIsRecognisedAsOwn() {
    FaultyHttp http = new FaultyHttp().losingTheAnswerToThePut();
    try (S3Client faulty = S3Clients.builder(server.settings()).httpClient(http).build()) {
      ObjectUri uri = ObjectUri.parse("s3://pictures/lost/manifest.json");

      assertThat(new S3ObjectStore(faulty).putIfAbsent(uri, text("mine"), "application/json"))
          .isTrue();
      assertThat(http.puts()).as("one that landed and one refused").hasSize(2);
    }
  }

  @Test
  void anAnswerThatBreaksOffIsReadAgain() {
    ObjectUri uri = ObjectUri.parse("s3://pictures/broken.bin");
    store().put(uri, text("all of it"), "text/plain");
    FaultyHttp http = new FaultyHttp().breakingOffTheFirstGet();
    try (S3Client faulty = S3Clients.builder(server.settings()).httpClient(http).build()) {
      assertThat(new S3ObjectStore(faulty).get(uri, 100))
          .hasValueSatisfying(b -> assertThat(b).isEqualTo(text("all of it")));
      assertThat(http.gets()).isEqualTo(2);
    }
  }

  @Test
  void everyWriteCarriesACrcAndASignedSha256() {
    FaultyHttp http = new FaultyHttp();
    try (S3Client watched = S3Clients.builder(server.settings()).httpClient(http).build()) {
      ObjectUri uri = ObjectUri.parse("s3://pictures/sums.txt");

      new S3ObjectStore(watched).put(uri, text("123456789"), "text/plain");

      var put = http.puts().get(0);
      // The check value of CRC-32, and the SHA-256 as sha256sum prints it.
      assertThat(put.firstMatchingHeader("x-amz-checksum-crc32"))
          .contains(
              Base64.getEncoder()
                  .encodeToString(new byte[] {(byte) 0xCB, (byte) 0xF4, 0x39, 0x26}));
      assertThat(put.firstMatchingHeader("x-amz-content-sha256"))
          .contains("15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225");
    }
  }

  @Test
  void aFlippedBitIsDetected() {
    FaultyHttp http = new FaultyHttp().flippingABitOfEveryPut();
    try (S3Client faulty = S3Clients.builder(server.settings()).httpClient(http).build()) {
      ObjectUri uri = ObjectUri.parse("s3://pictures/flipped.txt");

      assertThatThrownBy(() -> new S3ObjectStore(faulty).put(uri, text("123"), "text/plain"))
          .isInstanceOf(ObjectStore.StoreFailure.class)
          .hasMessageStartingWith("s3://pictures/flipped.txt: could not be written: 400 ");
      assertThat(store().get(uri, 100)).isEmpty();
    }
  }

  @Test
  void aMissingBucketIsARefusal() {
    ObjectUri uri = ObjectUri.parse("s3://nowhere/cat.png");

    assertRefused(() -> store().put(uri, text("x"), "image/png"), "could not be written");
    assertRefused(() -> store().putIfAbsent(uri, text("x"), "image/png"), "could not be written");
    assertRefused(() -> store().get(uri, 100), "could not be read");
    assertThatThrownBy(() -> look(client, "nowhere"))
        .isInstanceOf(ObjectStore.StoreFailure.class)
        .hasMessage("s3://nowhere: is not usable: 404 NoSuchBucket");
    look(client, "pictures");
  }

  @Test
  void wrongKeysAreAFailureWithoutASecretInItsText() {
    var wrong = new S3Settings.Credentials("local", "not-the-secret");
    try (S3Client stranger = S3Clients.open(server.settings(wrong))) {
      ObjectUri uri = ObjectUri.parse("s3://pictures/cat.png");

      assertThatThrownBy(() -> new S3ObjectStore(stranger).put(uri, text("x"), "image/png"))
          .isInstanceOfSatisfying(
              ObjectStore.StoreFailure.class, e -> assertThat(e.refused()).isFalse())
          .hasMessage(uri + ": could not be written: 403 SignatureDoesNotMatch")
          .hasStackTraceContaining("SignatureDoesNotMatch")
          .extracting(S3ObjectStoreTest::trace)
          .asString()
          .doesNotContain("not-the-secret");
      assertThat(wrong.toString()).doesNotContain("not-the-secret");
    }
  }

  @Test
  void anUnreachableStoreIsAFailureWithItsCause() {
    var unknown = settings("http://127.0.0.1:1", true, Optional.empty());
    try (S3Client alone = S3Clients.open(unknown)) {
      ObjectUri uri = ObjectUri.parse("s3://pictures/cat.png");

      assertThatThrownBy(() -> new S3ObjectStore(alone).putIfAbsent(uri, text("x"), "image/png"))
          .isInstanceOfSatisfying(
              ObjectStore.StoreFailure.class, e -> assertThat(e.refused()).isFalse())
          .hasMessage(
              uri
                  + ": could not be looked for: HttpHostConnectException: Connect to"
                  + " http://127.0.0.1:1 failed: Connection refused");
    }
  }

  @Test
  void anUnknownHostIsNamedWithThePathStyle() {
    var hosts = settings("http://store.invalid:9000", false, Optional.empty());
    try (S3Client lost = S3Clients.open(hosts)) {
      assertThatThrownBy(() -> look(lost, "pictures"))
          .isInstanceOf(ObjectStore.StoreFailure.class)
          .hasMessageStartingWith(
              "s3://pictures: is not usable: no such host: pictures.store.invalid")
          .hasMessageContaining("set darkroom.s3.path-style=true");
    }
  }

  @Test
  void missingCredentialsKeepTheReasonOfEveryProvider() {
    AwsCredentialsProvider none =
        AwsCredentialsProviderChain.of(
            SystemPropertyCredentialsProvider.create(), ProfileCredentialsProvider.create("none"));
    try (S3Client unknown =
        S3Clients.builder(server.settings()).credentialsProvider(none).build()) {
      assertThatThrownBy(() -> look(unknown, "pictures"))
          .isInstanceOf(ObjectStore.StoreFailure.class)
          .hasMessageStartingWith("s3://pictures: is not usable: no credentials (set")
          .hasMessageContaining("aws.accessKeyId")
          .hasMessageContaining("Profile file contained no credentials for profile 'none'");
    }
  }

  @Test
  void aSessionTokenGoesWithEveryCall() {
    var temporary =
        new S3Settings.Credentials("local", "locallocal", Optional.of("token-of-an-hour"));
    FaultyHttp http = new FaultyHttp();
    try (S3Client watched =
        S3Clients.builder(server.settings(temporary)).httpClient(http).build()) {
      ObjectUri uri = ObjectUri.parse("s3://pictures/temporary.txt");

      new S3ObjectStore(watched).put(uri, text("x"), "text/plain");

      assertThat(http.puts().get(0).firstMatchingHeader("x-amz-security-token"))
          .contains("token-of-an-hour");
      assertThat(temporary.toString()).doesNotContain("token-of-an-hour");
    }
  }

  @Test
  void aPrivateAuthorityIsTrustedByItsFile(@TempDir Path ownFolder) throws Exception {
    LocalCertificate certificate = LocalCertificate.create(ownFolder);
    try (LocalS3 secure = new LocalS3(ownFolder.resolve("s3"), 0, certificate)) {
      secure.createBucket("pictures");
      String endpoint = secure.endpoint().toString();
      assertThat(endpoint).startsWith("https://");
      try (S3Client stranger = S3Clients.open(settings(endpoint, true, Optional.empty()))) {
        assertThatThrownBy(() -> look(stranger, "pictures"))
            .isInstanceOf(ObjectStore.StoreFailure.class)
            .hasMessageContaining("unable to find valid certification path");
      }
      try (S3Client friend =
          S3Clients.open(settings(endpoint, true, Optional.of(certificate.pem())))) {
        look(friend, "pictures");
      }
    }
  }

  @Test
  void aFileWithoutCertificatesIsRefusedByName() throws IOException {
    Path file = Files.writeString(folder.resolve("not.pem"), "no certificate");
    for (Path unusable : List.of(file, folder.resolve("nowhere.pem"))) {
      var settings = settings("https://store.invalid", true, Optional.of(unusable));
      assertThatThrownBy(() -> S3Clients.open(settings))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith(
              "s3.ca-certificates: must be a file of PEM certificates, " + unusable);
    }
  }

  private static S3Settings settings(
      String endpoint, boolean pathStyle, Optional<Path> caCertificates) {
    return new S3Settings(
        Optional.of(URI.create(endpoint)),
        "eu-central-1",
        pathStyle,
        Optional.of(LocalS3.KEYS),
        caCertificates,
        Duration.ofSeconds(20),
        1);
  }

  private static void assertRefused(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String what) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ObjectStore.StoreFailure.class, e -> assertThat(e.refused()).isTrue())
        .hasMessage("s3://nowhere/cat.png: " + what + ": 404 NoSuchBucket");
  }

  private static String trace(Throwable e) {
    var text = new java.io.StringWriter();
    e.printStackTrace(new java.io.PrintWriter(text));
    return text.toString();
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void look(S3Client client, String bucket) {
    new PermissionCheck(new S3Access(client, S3Options.DEFAULT), new ObjectUri(bucket, ""))
        .quickCheck();
  }
}
