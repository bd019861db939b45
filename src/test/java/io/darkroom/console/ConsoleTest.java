package io.darkroom.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.darkroom.LocalCertificate;
import io.darkroom.LocalStack;
import io.darkroom.attest.KeySigner;
import io.darkroom.http.TlsFiles;
import io.darkroom.json.ManifestCodec;
import io.darkroom.json.RequestCodec;
import io.darkroom.kafka.Consumption;
import io.darkroom.kafka.Topics;
import io.darkroom.render.ObjectUri;
import io.darkroom.s3.S3Access;
import io.darkroom.s3.S3Clients;
import io.darkroom.s3.S3ObjectStore;
import io.darkroom.s3.S3Options;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Scanner;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Tests the console with a real broker and store over HTTP; the test publishes the events of
 * workers.
 */
class ConsoleTest {
  private static final String TOKEN = "a-token-of-22-letters-";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient BROWSER = HttpClient.newHttpClient();
  private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 1, 2};

  @TempDir static Path folder;
  private static LocalStack stack;
  private static Topics topics;
  private static S3Client client;
  private static S3ObjectStore store;
  private static Console console;

  @BeforeAll
  static void start() throws Exception {
    stack = LocalStack.start(folder);
    topics = new Topics(stack.kafka().bootstrapServers());
    client = S3Clients.open(stack.s3().settings());
    store = new S3ObjectStore(new S3Access(client, S3Options.DEFAULT));
    console = open("127.0.0.1", true, Optional.empty());
  }

  @AfterAll
  static void stop() {
    console.close();
    client.close();
    topics.close();
    stack.close();
  }

  private static Console open(String address, boolean submit, Optional<String> token)
      throws IOException {
    return open(address, submit, token, List.of(), Optional.empty());
  }

  private static Console open(
      String address,
      boolean submit,
      Optional<String> token,
      List<Path> keys,
      Optional<TlsFiles> tls)
      throws IOException {
    ConsoleSettings settings =
        new ConsoleSettings(
            address,
            0,
            tls,
            submit,
            token,
            Set.of(LocalStack.BUCKET),
            Duration.ofDays(1),
            100,
            keys);
    return Console.open(
        settings,
        new Console.Sources(
            Map.of("bootstrap.servers", stack.kafka().bootstrapServers()),
            LocalStack.TOPIC_NAMES,
            "darkroom",
            Consumption.CONSUMER_GROUP,
            store,
            ObjectUri.parse("s3://darkroom/renders/"),
            new RequestCodec(RequestCodec.DEFAULT_MAX_BYTES),
            Vitals.NONE,
            "test"),
        Clock.systemUTC());
  }

  private static HttpRequest.Builder to(Console asked, String path) {
    return HttpRequest.newBuilder(URI.create(asked.address()).resolve(path));
  }

  private static HttpResponse<String> send(HttpRequest request) throws Exception {
    return BROWSER.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static HttpResponse<String> get(String path) throws Exception {
    return send(to(console, path).build());
  }

  private static JsonNode json(String path) throws Exception {
    HttpResponse<String> answer = get(path);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  private static HttpRequest.Builder own(Console asked, String path, String body) {
    return to(asked, path)
        .header("content-type", "application/json")
        .header("X-Darkroom-Console", "1")
        .POST(HttpRequest.BodyPublishers.ofString(body));
  }

  private static void event(String topic, String type, String id, String data) {
    event(topic, type, id, data, "worker-1");
  }

  private static void event(String topic, String type, String id, String data, String worker) {
    topics.publish(
        topic,
        0,
        id,
        data,
        Map.of(
            "ce_type",
            "io.darkroom.render." + type + ".v1",
            "ce_subject",
            id,
            "content-type",
            "application/json",
            "worker",
            worker));
  }

  private static void progress(String id, String data) {
    event("darkroom.progress", "progressed", id, data);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Test
  void theLivePageFollowsARequestFromItsRecordToItsEvent() throws Exception {
    HttpResponse<Stream<String>> live =
        BROWSER.send(to(console, "api/live").build(), HttpResponse.BodyHandlers.ofLines());
    assertThat(live.headers().firstValue("content-type")).contains("text/event-stream");
    Iterator<JsonNode> updates =
        live.body().filter(line -> line.startsWith("data: ")).map(ConsoleTest::update).iterator();
    topics.request(
        0,
        "live-1",
        "{\"id\":\"live-1\",\"kind\":\"generate\",\"model\":\"emoji-64\",\"prompt\":\"<b>fox</b>\","
            + "\"num_inference_steps\":20}",
        Map.of());
    until(updates, update -> update.toString().contains("\"id\":\"live-1\""));

    progress("live-1", "{\"evaluations_done\":10,\"evaluations_wanted\":40}");
    JsonNode job =
        until(updates, update -> update.path("order").toString().contains("live-1"))
            .path("jobs")
            .path(0);
    assertThat(job.path("done").asInt()).isEqualTo(10);
    assertThat(job.path("steps").asInt()).isEqualTo(20);
    assertThat(job.path("prompt").asText()).isEqualTo("<b>fox</b>");

    event(
        "darkroom.events",
        "failed",
        "live-1",
        "{\"error\":{\"class\":\"storage\",\"message\":\"no\",\"violations\":[],"
            + "\"retryable\":true}}");
    JsonNode last = until(updates, update -> update.path("order").isEmpty());
    assertThat(last.path("outcomes").path("failed: storage").asInt()).isEqualTo(1);
    assertThat(last.path("latest").path(0).path("prompt").asText()).isEqualTo("<b>fox</b>");
    live.body().close();
  }

  private static JsonNode update(String line) {
    try {
      return JSON.readTree(line.substring("data: ".length()));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode until(Iterator<JsonNode> updates, Predicate<JsonNode> wanted) {
    JsonNode update = updates.next();
    while (!wanted.test(update)) {
      update = updates.next();
    }
    return update;
  }

  @Test
  void aResultIsShownWithItsManifestAndItsFilesAreVerified() throws Exception {
    String manifest =
        Files.readString(Path.of("schemas/examples/events/completed.json"))
            .replace("\"rocket\",\n  \"request_sha", "\"shown\",\n  \"request_sha")
            .replace("\"id\": \"rocket\"", "\"id\": \"shown\"")
            .replace("/rocket/", "/shown/")
            .replace("s3://darkroom/results/", "s3://darkroom/renders/");
    put("s3://darkroom/renders/shown/manifest.json", manifest.getBytes(StandardCharsets.UTF_8));
    event("darkroom.events", "completed", "shown", manifest);
    await().until(() -> get("api/result?id=shown").statusCode() == 200);

    JsonNode found = json("api/result?id=shown");
    assertThat(found.path("result").path("outcome").asText()).isEqualTo("completed");
    assertThat(found.path("manifest").path("steps").asInt()).isEqualTo(20);

    JsonNode verdict = json("api/verify?id=shown");
    assertThat(verdict.path("problems").path(0).asText())
        .isEqualTo("s3://darkroom/renders/shown/0-7d1a44e0b9c2.png: does not exist");
    assertThat(verdict.path("signed").asBoolean()).isFalse();

    JsonNode listed = json("api/results?q=SHOWN&model=emoji-64&outcome=completed");
    assertThat(listed.path("results")).hasSize(1);
    assertThat(listed.path("models").toString()).contains("emoji-64");
    assertThat(json("api/results?q=shown&model=emoji-32").path("results")).isEmpty();
    String sampler = "DPMSolverMultistepScheduler";
    assertThat(json("api/results?q=rocKET&sampler=" + sampler).path("results"))
        .as("the text of the prompt")
        .extracting(each -> each.path("id").asText())
        .contains("shown");
    assertThat(json("api/results?q=shown&sampler=EulerDiscreteScheduler").path("results"))
        .isEmpty();
    assertThat(listed.path("samplers").toString()).contains(sampler);
    assertThat(get("api/result?id=unknown").statusCode()).isEqualTo(404);
  }

  private static void put(String uri, byte[] bytes) {
    store.put(ObjectUri.parse(uri), bytes, "application/octet-stream");
  }

  @Test
  void onlyPicturesSoundsAndTensorsOfAllowedBucketsAreServed() throws Exception {
    put("s3://darkroom/renders/x/0.png", PNG);
    put(
        "s3://darkroom/renders/x/page.html",
        "<script>alert(1)</script>".getBytes(StandardCharsets.UTF_8));

    HttpResponse<String> picture = object("s3://darkroom/renders/x/0.png");
    assertThat(picture.statusCode()).isEqualTo(200);
    assertThat(picture.headers().firstValue("content-type")).contains("image/png");
    assertThat(picture.headers().firstValue("content-security-policy").orElse(""))
        .contains("sandbox");
    assertThat(object("s3://darkroom/renders/x/page.html").statusCode()).isEqualTo(415);
    assertThat(object("s3://darkroom/renders/x/none.png").statusCode()).isEqualTo(404);
    assertThat(object("s3://another/renders/x/0.png").statusCode()).isEqualTo(403);
    assertThat(object("s3://darkroom/renders/../x").statusCode()).isEqualTo(400);
    assertThat(object("file:///etc/passwd").statusCode()).isEqualTo(400);
  }

  private static HttpResponse<String> object(String uri) throws Exception {
    return get("api/object?uri=" + encoded(uri));
  }

  @Test
  void aRequestIsPublishedOnlyIfItIsValid() throws Exception {
    String valid = "{\"id\":\"asked-1\",\"kind\":\"generate\",\"model\":\"emoji-64\",\"seed\":7}";
    assertThat(send(own(console, "api/requests", valid).build()).statusCode()).isEqualTo(202);
    await()
        .until(
            () -> json("api/result?id=asked-1").path("job").path("model").asText(),
            "emoji-64"::equals);

    HttpResponse<String> invalid =
        send(own(console, "api/requests", valid.replace("7", "-7")).build());
    assertThat(invalid.statusCode()).isEqualTo(422);
    JsonNode violation = JSON.readTree(invalid.body()).path("violations").path(0);
    assertThat(violation.path("pointer").asText()).isEqualTo("/seed");
    assertThat(violation.path("message").asText()).isNotEmpty();
    assertThat(send(own(console, "api/requests", "{").build()).statusCode()).isEqualTo(400);

    assertThat(send(own(console, "api/cancel", "{\"id\":\"asked-1\"}").build()).statusCode())
        .isEqualTo(202);
    assertThat(topics.all("darkroom.control")).containsKey("asked-1");
    assertThat(send(own(console, "api/cancel", "{\"id\":\"/\"}").build()).statusCode())
        .isEqualTo(400);
  }

  @Test
  void aDeadLetterIsShownWithItsHeadersAndBytes() throws Exception {
    byte[] bytes = "{\"id\":\"letter-1\",\"kind\":\"draw\"}".getBytes(StandardCharsets.UTF_8);
    deadLetter("another-key", bytes, 41);
    await().until(() -> get("api/dead-letter?id=letter-1").statusCode() == 200);

    JsonNode letter = json("api/dead-letter?id=letter-1");
    assertThat(letter.path("source").asText()).matches("darkroom\\.dead-letters/0/\\d+");
    assertThat(letter.path("text").asText()).isEqualTo(new String(bytes, StandardCharsets.UTF_8));
    assertThat(letter.path("request").path("kind").asText()).isEqualTo("draw");
    assertThat(letter.path("headers").findValuesAsText("name"))
        .contains("dl-violations", "dl-topic");
    assertThat(letter.path("headers").findValuesAsText("value")).contains("/kind: must be one");
    assertThat(json("api/dead-letter?id=" + encoded("darkroom.requests/0/41")).path("source"))
        .isEqualTo(letter.path("source"));

    byte[] noText = new byte[20_000];
    deadLetter("binary", noText, 42);
    await().until(() -> get("api/dead-letter?id=binary").statusCode() == 200);
    JsonNode binary = json("api/dead-letter?id=binary");
    assertThat(binary.path("bytes").asInt()).isEqualTo(20_000);
    assertThat(binary.path("text").asText()).startsWith("\\x00\\x00").hasSize(4 * (1 << 14));
    assertThat(binary.has("request")).isFalse();
    assertThat(get("api/dead-letter?id=unknown").statusCode()).isEqualTo(404);
  }

  private static void deadLetter(String key, byte[] body, int offset) {
    topics.publish(
        "darkroom.dead-letters",
        0,
        key,
        new String(body, StandardCharsets.UTF_8),
        Map.of(
            "dl-class", "invalid",
            "dl-message", "no",
            "dl-violations", "/kind: must be one",
            "dl-topic", "darkroom.requests",
            "dl-partition", "0",
            "dl-offset", String.valueOf(offset)));
  }

  @Test
  void workersOfTheGroupAreListedWithTheModelsOfTheirResults() throws Exception {
    HttpResponse<Stream<String>> live =
        BROWSER.send(to(console, "api/live").build(), HttpResponse.BodyHandlers.ofLines());
    Iterator<JsonNode> updates =
        live.body().filter(line -> line.startsWith("data: ")).map(ConsoleTest::update).iterator();
    Map<String, Object> client =
        Map.of(
            "bootstrap.servers", stack.kafka().bootstrapServers(),
            "group.id", "darkroom",
            "client.id", "7@host");
    try (var member =
        new KafkaConsumer<>(client, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      member.subscribe(List.of("darkroom.requests"));
      JsonNode idle = worker(updates, member, found -> found.path("member").asBoolean());
      assertThat(idle.path("partitions").asInt()).isEqualTo(2);
      assertThat(idle.path("models")).isEmpty();

      String manifest =
          Files.readString(Path.of("schemas/examples/events/completed.json"))
              .replace("rocket", "by-seven");
      event("darkroom.events", "completed", "by-seven", manifest, "7@host");
      JsonNode known = worker(updates, member, found -> found.path("results").asInt() == 1);
      assertThat(known.path("models").path(0).path("model").asText()).isEqualTo("emoji-64");
      assertThat(known.path("models").path(0).path("tier").asText()).isEqualTo("exact");
    }
    live.body().close();
  }

  /** Returns the worker {@code 7@host} when it is as wanted; the member of the group goes on. */
  private static JsonNode worker(
      Iterator<JsonNode> updates, KafkaConsumer<?, ?> member, Predicate<JsonNode> wanted) {
    while (true) {
      member.poll(Duration.ofMillis(100));
      progress("tick", "{\"evaluations_done\":" + System.nanoTime() + "}");
      for (JsonNode worker : updates.next().path("workers")) {
        if (worker.path("name").asText().equals("7@host") && wanted.test(worker)) {
          return worker;
        }
      }
    }
  }

  @Test
  void aSignatureIsCheckedWithThePublicKeys() throws Exception {
    Path trusted = folder.resolve("trusted.pem");
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    String pem = Base64.getMimeEncoder().encodeToString(pair.getPublic().getEncoded());
    Files.writeString(
        trusted, "-----BEGIN PUBLIC KEY-----\n" + pem + "\n-----END PUBLIC KEY-----\n");
    put(
        "s3://darkroom/renders/unsigned/manifest.json",
        Files.readAllBytes(Path.of("schemas/examples/events/completed.json")));
    put("s3://darkroom/renders/signed/manifest.json", signed(pair.getPrivate()));
    try (Console checking =
        open("127.0.0.1", false, Optional.empty(), List.of(trusted), Optional.empty())) {
      assertThat(signature(checking, "unsigned")).isEqualTo("signature: missing");
      assertThat(signature(checking, "signed")).isEqualTo("valid");
      JsonNode verdict = JSON.readTree(send(to(checking, "api/verify?id=unsigned").build()).body());
      assertThat(verdict.path("problems").toString()).contains("signature: missing");
    }
    assertThat(json("api/result?id=signed").has("signature")).isFalse();
    assertThatThrownBy(
            () ->
                open(
                    "127.0.0.1",
                    false,
                    Optional.empty(),
                    List.of(folder.resolve("none.pem")),
                    Optional.empty()))
        .hasMessageStartingWith("darkroom.console.public-keys: ")
        .hasMessageEndingWith("none.pem: does not exist");
  }

  private static byte[] signed(PrivateKey key) throws Exception {
    byte[] example = Files.readAllBytes(Path.of("schemas/examples/events/completed.json"));
    return ManifestCodec.write(
        new KeySigner(() -> key, "studio").sign(new ManifestCodec().read(example)));
  }

  private static String signature(Console asked, String id) throws Exception {
    String body = send(to(asked, "api/result?id=" + id).build()).body();
    return JSON.readTree(body).path("signature").asText();
  }

  @Test
  void pagesOfOtherSitesCannotReadOrPublish() throws Exception {
    String request = "{\"id\":\"csrf\",\"kind\":\"generate\",\"model\":\"emoji-64\"}";
    HttpRequest.BodyPublisher body = HttpRequest.BodyPublishers.ofString(request);
    assertThat(
            send(to(console, "api/requests")
                    .header("content-type", "text/plain")
                    .POST(body)
                    .build())
                .statusCode())
        .isEqualTo(403);
    assertThat(
            send(own(console, "api/requests", request)
                    .header("Origin", "https://evil.example")
                    .build())
                .statusCode())
        .isEqualTo(403);
    assertThat(
            send(own(console, "api/requests", request)
                    .header("Sec-Fetch-Site", "cross-site")
                    .build())
                .statusCode())
        .isEqualTo(403);
    assertThat(statusUnder("evil.example")).startsWith("HTTP/1.1 421");
    assertThat(statusUnder("localhost")).startsWith("HTTP/1.1 200");
    assertThat(send(to(console, "api/info").method("DELETE", body).build()).statusCode())
        .isEqualTo(405);
  }

  /** Returns the first line of the response to a browser that uses another host name. */
  private static String statusUnder(String host) throws IOException {
    URI address = URI.create(console.address());
    try (Socket socket = new Socket(address.getHost(), address.getPort());
        Scanner answer = new Scanner(socket.getInputStream(), StandardCharsets.UTF_8)) {
      String asked = "GET /api/info HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
      socket.getOutputStream().write(asked.getBytes(StandardCharsets.UTF_8));
      return answer.nextLine();
    }
  }

  @Test
  void aConsoleThatOnlyReadsPublishesNothing() throws Exception {
    try (Console reader = open("127.0.0.1", false, Optional.empty())) {
      String request = "{\"id\":\"no\",\"kind\":\"generate\",\"model\":\"emoji-64\"}";
      assertThat(send(own(reader, "api/requests", request).build()).statusCode()).isEqualTo(403);
      assertThat(send(own(reader, "api/cancel", "{\"id\":\"no\"}").build()).statusCode())
          .isEqualTo(403);
    }
  }

  @Test
  void aConsoleWithACertificateServesHttpsOnly() throws Exception {
    LocalCertificate certificate = LocalCertificate.create(folder);
    Optional<TlsFiles> tls =
        TlsFiles.of(Optional.of(certificate.pem()), Optional.of(certificate.key()));
    HttpClient trusting = HttpClient.newBuilder().sslContext(certificate.trust()).build();
    try (Console guarded = open("127.0.0.1", false, Optional.of(TOKEN), List.of(), tls)) {
      assertThat(guarded.address()).startsWith("https://127.0.0.1:");
      HttpRequest opened =
          to(guarded, "api/session")
              .header("Content-Type", "application/json")
              .header("X-Darkroom-Console", "1")
              .POST(HttpRequest.BodyPublishers.ofString("{\"token\":\"" + TOKEN + "\"}"))
              .build();
      HttpResponse<String> answer = trusting.send(opened, HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      assertThat(answer.headers().firstValue("set-cookie")).get().asString().endsWith("; Secure");
      assertThatThrownBy(() -> send(opened)).isInstanceOf(SSLHandshakeException.class);
    }
  }

  @Test
  void otherMachinesNeedTheToken() throws Exception {
    assertThatThrownBy(() -> open("0.0.0.0", false, Optional.empty()))
        .hasMessageContaining("darkroom.console.token: must be set");
    assertThatThrownBy(() -> open("127.0.0.1", false, Optional.of("short")))
        .hasMessage("darkroom.console.token: must have 16 characters or more");
    try (Console guarded = open("127.0.0.1", true, Optional.of(TOKEN))) {
      for (String path :
          List.of("api/info", "api/live", "api/results", "api/object?uri=s3://a/b")) {
        assertThat(send(to(guarded, path).build()).statusCode()).as(path).isEqualTo(401);
      }
      assertThat(send(own(guarded, "api/requests", "{}").build()).statusCode()).isEqualTo(401);
      assertThat(send(to(guarded, "").build()).statusCode()).isEqualTo(200);

      HttpResponse<String> wrong = send(own(guarded, "api/session", "{\"token\":\"x\"}").build());
      assertThat(wrong.statusCode()).isEqualTo(401);
      HttpResponse<String> right =
          send(own(guarded, "api/session", "{\"token\":\"" + TOKEN + "\"}").build());
      String cookie = right.headers().firstValue("set-cookie").orElseThrow();
      assertThat(cookie).contains("HttpOnly").contains("SameSite=Strict").doesNotContain(TOKEN);
      String session = cookie.substring(0, cookie.indexOf(';'));
      assertThat(send(to(guarded, "api/info").header("Cookie", session).build()).statusCode())
          .isEqualTo(200);
      assertThat(
              send(to(guarded, "api/info").header("Authorization", "Bearer " + TOKEN).build())
                  .statusCode())
          .isEqualTo(200);
      assertThat(send(to(guarded, "api/info").header("Cookie", session + "0").build()).statusCode())
          .isEqualTo(401);
      for (int i = 0; i < 20; i++) {
        send(own(guarded, "api/session", "{\"token\":\"x\"}").build());
      }
      assertThat(
              send(own(guarded, "api/session", "{\"token\":\"" + TOKEN + "\"}").build())
                  .statusCode())
          .isEqualTo(429);
      assertThat(
              send(to(guarded, "api/info").header("Authorization", "Bearer " + TOKEN).build())
                  .statusCode())
          .as("the limit holds for both ways to give a token")
          .isEqualTo(401);
    }
  }

  @Test
  void thePageHasAStrictPolicyAndLoadsFromNoOtherHost() throws Exception {
    HttpResponse<String> page = get("");
    assertThat(page.headers().firstValue("content-security-policy").orElse(""))
        .contains("default-src 'none'")
        .contains("script-src 'self'")
        .contains("frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(page.headers().firstValue("x-content-type-options")).contains("nosniff");
    try (Stream<Path> files = Files.list(Path.of("src/main/resources/console"))) {
      for (Path file : files.toList()) {
        HttpResponse<String> served = get(file.getFileName().toString());
        assertThat(served.body()).as(file.toString()).isEqualTo(Files.readString(file));
        assertThat(served.body().replace("http://www.w3.org/2000/svg", ""))
            .as(file.toString())
            .doesNotContain("http:")
            .doesNotContain("https:")
            .doesNotContain("innerHTML");
      }
    }
    assertThat(get("request.schema.json").body())
        .isEqualTo(Files.readString(Path.of("schemas/render-request.schema.json")));
    assertThat(get("../application.properties").statusCode()).isEqualTo(404);
  }
}
