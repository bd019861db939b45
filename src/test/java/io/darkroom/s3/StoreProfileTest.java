package io.darkroom.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.LocalS3;
import io.darkroom.faults.FaultProxy;
import io.darkroom.faults.FaultProxy.Fault;
import io.darkroom.render.ObjectStore;
import io.darkroom.render.ObjectUri;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.services.s3.S3Client;

/** A real store, and a proxy that gives the answers of stores that can do less. */
class StoreProfileTest {
  private static final ObjectUri PREFIX = ObjectUri.parse("s3://pictures/renders/");

  @TempDir static Path folder;
  private static LocalS3 server;

  private final List<FaultProxy.Request> seen = new CopyOnWriteArrayList<>();
  private FaultProxy proxy;
  private S3Client client;

  @BeforeAll
  static void startServer() throws Exception {
    server = new LocalS3(folder, 0);
    server.createBucket("pictures");
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void begin() throws IOException {
    proxy = new FaultProxy(server.endpoint());
    client = S3Clients.open(server.settings(proxy.endpoint()));
  }

  @AfterEach
  void end() throws IOException {
    client.close();
    proxy.close();
  }

  @Test
  void theTestStoreAcceptsAllOptionsAndKeepsNoChecksums() {
    S3Access access = new S3Access(client, S3Options.DEFAULT);

    assertThat(new PermissionCheck(access, PREFIX).check()).isEmpty();
    assertThat(access.facts())
        .isEqualTo("conditional-writes=honoured checksums=ignored parts=true path-style=false");
  }

  @Test
  void refusedChecksumsAreLeftOut() {
    // The answer of Google Cloud Storage.
    answer(
        request -> request.headers().containsKey("x-amz-checksum-crc32"),
        new Fault.Answer(403, "SignatureDoesNotMatch"));
    S3Access access = new S3Access(client, small());

    assertThat(new PermissionCheck(access, PREFIX).check())
        .containsExactly(
            "the store refuses x-amz-checksum-crc32 (403 SignatureDoesNotMatch): objects are"
                + " written without it, and their SHA-256 is in the signature");
    ObjectStore store = new S3ObjectStore(access);
    byte[] bytes = new byte[S3Options.LEAST_PART + 1];
    store.put(PREFIX.child("one.png"), new byte[7], "image/png");
    store.put(PREFIX.child("parts.png"), bytes, "image/png");
    assertThat(store.get(PREFIX.child("parts.png"), bytes.length))
        .hasValueSatisfying(stored -> assertThat(stored).isEqualTo(bytes));
    assertThat(seen.stream().filter(each -> each.target().contains("one.png")))
        .allSatisfy(put -> assertThat(put.headers()).containsKey("x-amz-content-sha256"));
  }

  @Test
  void refusedConditionsAreLeftOut() {
    answer(
        request -> request.headers().containsKey("if-none-match"),
        new Fault.Answer(501, "NotImplemented"));
    S3Access access = new S3Access(client, S3Options.DEFAULT);
    ObjectUri manifest = PREFIX.child("refused/manifest.json");

    assertThat(new PermissionCheck(access, PREFIX).check())
        .containsExactly(
            "the store refuses If-None-Match (501 NotImplemented): two workers may commit one"
                + " request");
    seen.clear();
    ObjectStore store = new S3ObjectStore(access);
    assertThat(store.putIfAbsent(manifest, new byte[] {1}, "application/json")).isTrue();
    assertThat(store.putIfAbsent(manifest, new byte[] {2}, "application/json")).isFalse();
    assertThat(seen).noneSatisfy(each -> assertThat(each.headers()).containsKey("if-none-match"));
  }

  @Test
  void aWriteIsReadBackIfConditionsAreIgnored() {
    String key = PREFIX.child("ignored/manifest.json").key();
    // A store that passes over the condition, and another writer that comes a moment later.
    proxy.rule(
        request -> {
          seen.add(request);
          return request.headers().containsKey("if-none-match")
              ? new Fault.Answer(200, "")
              : Fault.NONE;
        });
    S3Access access = new S3Access(client, S3Options.DEFAULT);

    assertThat(new PermissionCheck(access, PREFIX).check())
        .containsExactly("the store ignores If-None-Match: two workers may commit one request");
    assertThat(
            new S3ObjectStore(access)
                .putIfAbsent(new ObjectUri("pictures", key), new byte[] {1}, "application/json"))
        .as("what stands there is not what was written")
        .isFalse();
  }

  @Test
  void objectsAreWrittenInOnePieceIfPartsAreRefused() {
    answer(
        request -> request.target().endsWith("?uploads"), new Fault.Answer(501, "NotImplemented"));
    S3Access access = new S3Access(client, small());

    assertThat(new PermissionCheck(access, PREFIX).check())
        .containsExactly(
            "the store refuses objects in parts (501 NotImplemented): all are written in one"
                + " piece");
    byte[] bytes = new byte[S3Options.LEAST_PART + 1];
    ObjectStore store = new S3ObjectStore(access);
    store.put(PREFIX.child("whole.png"), bytes, "image/png");
    assertThat(store.get(PREFIX.child("whole.png"), bytes.length)).isPresent();
  }

  @Test
  void optionsThatTheStoreRefusesAreNamed() {
    var aes = new WriteOptions.Encryption("AES256", Optional.empty());
    var options =
        new WriteOptions(Optional.of(aes), Optional.of("STANDARD_IA"), Map.of("team", "a"));
    S3Access access = new S3Access(client, S3Options.DEFAULT.withWrite(options));

    assertThatThrownBy(() -> new PermissionCheck(access, PREFIX).check())
        .hasMessage(
            "s3://pictures: is not usable: needs a store that takes"
                + " darkroom.s3.encryption=AES256 (501 NotImplemented)");
  }

  @Test
  void tagsThatTheStoreDoesNotConfirmAreNamed() {
    var options = new WriteOptions(Optional.empty(), Optional.empty(), Map.of("team", "a"));
    S3Access access = new S3Access(client, S3Options.DEFAULT.withWrite(options));

    assertThat(new PermissionCheck(access, PREFIX).check())
        .containsExactly("the store does not confirm darkroom.s3.tags: it may ignore it");
  }

  @Test
  void bucketsWithoutHostNamesUseThePathStyle() {
    URI named = URI.create("http://store.test:" + proxy.endpoint().getPort());
    S3Settings hostStyle =
        new S3Settings(
            Optional.of(named),
            "eu-central-1",
            false,
            Optional.of(LocalS3.KEYS),
            Optional.empty(),
            Duration.ofSeconds(20),
            1);
    S3Access access =
        new S3Access(
            open(hostStyle),
            Optional.of(() -> open(hostStyle.withPathStyle())),
            S3Options.DEFAULT,
            System::nanoTime);

    assertThat(new PermissionCheck(access, PREFIX).check())
        .containsExactly(
            "the host name with the bucket does not exist: URLs have the bucket in the path (set"
                + " darkroom.s3.path-style=true)");
    assertThat(access.facts()).endsWith("path-style=true");
    new S3ObjectStore(access).put(PREFIX.child("path.png"), new byte[3], "image/png");
    assertThat(new PermissionCheck(access, PREFIX).check()).as("once").isEmpty();
    access.client().close();
  }

  /** A client for which {@code store.test} is this machine, and no other host exists. */
  private static S3Client open(S3Settings settings) {
    return S3Clients.builder(settings)
        .httpClientBuilder(
            Apache5HttpClient.builder()
                .dnsResolver(
                    new SystemDefaultDnsResolver() {
                      @Override
                      public InetAddress[] resolve(String host) throws UnknownHostException {
                        if (!host.equals("store.test")) {
                          throw new UnknownHostException(host);
                        }
                        return new InetAddress[] {InetAddress.getLoopbackAddress()};
                      }
                    }))
        .build();
  }

  private void answer(Predicate<FaultProxy.Request> which, Fault answer) {
    proxy.rule(
        request -> {
          seen.add(request);
          return which.test(request) ? answer : Fault.NONE;
        });
  }

  private static S3Options small() {
    return new S3Options(false, WriteOptions.NONE, S3Options.LEAST_PART, 4, Duration.ofMinutes(1));
  }
}
