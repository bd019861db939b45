package io.darkroom.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.LocalS3;
import io.darkroom.faults.FaultProxy;
import io.darkroom.faults.FaultProxy.Fault;
import io.darkroom.render.ObjectStore;
import io.darkroom.render.ObjectUri;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;

/** Uses a real store; headers that it ignores are checked in the requests. */
class S3OptionsTest {
  private static final int PART = S3Options.LEAST_PART;

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
    proxy.rule(this::note);
    client = S3Clients.open(server.settings(proxy.endpoint()));
  }

  @AfterEach
  void end() throws IOException {
    client.close();
    proxy.close();
  }

  @Test
  void objectsAreEncryptedWithTheConfiguredKey() {
    // The store of the tests refuses encryption, so it is not asked.
    proxy.rule(
        request -> {
          seen.add(request);
          return request.writes() ? new Fault.Answer(200, "") : new Fault.Answer(403, "Enough");
        });
    String key = "arn:aws:kms:eu-central-1:1:key/2";
    var encryption = new WriteOptions.Encryption("aws:kms", Optional.of(key));
    ObjectStore store =
        store(new WriteOptions(Optional.of(encryption), Optional.empty(), Map.of()));

    store.put(uri("kms.png"), new byte[10], "image/png");
    assertThatThrownBy(() -> store.put(uri("parts.png"), new byte[PART + 1], "image/png"))
        .hasMessageEndingWith("403 Enough");

    assertThat(seen)
        .hasSize(2)
        .allSatisfy(
            request ->
                assertThat(request.headers())
                    .containsEntry("x-amz-server-side-encryption", "aws:kms")
                    .containsEntry("x-amz-server-side-encryption-aws-kms-key-id", key));
  }

  @Test
  void tagsAndClassGoWithEveryWrite() {
    ObjectStore store = store(tagged());

    store.put(uri("one.png"), new byte[10], "image/png");
    store.putIfAbsent(uri("manifest.json"), new byte[10], "application/json");
    store.put(uri("parts.png"), new byte[PART + 1], "image/png");

    assertThat(seen.stream().filter(each -> each.writes() && !each.target().contains("uploadId")))
        .hasSize(2)
        .allSatisfy(S3OptionsTest::assertTagged);
    assertThat(seen.stream().filter(each -> each.target().endsWith("?uploads")))
        .hasSize(1)
        .allSatisfy(S3OptionsTest::assertTagged);
    assertThat(
            client
                .headObject(head -> head.bucket("pictures").key("one.png"))
                .storageClassAsString())
        .isEqualTo("STANDARD_IA");
  }

  @Test
  void withoutOptionsNoHeaderIsSent() {
    store(WriteOptions.NONE).put(uri("plain.png"), new byte[10], "image/png");

    assertThat(seen.get(0).headers())
        .doesNotContainKeys("x-amz-server-side-encryption", "x-amz-tagging", "x-amz-storage-class");
  }

  @Test
  void optionsThatCannotWorkAreRefusedByName() {
    assertThatThrownBy(() -> new WriteOptions.Encryption("AES256", Optional.of("key")))
        .hasMessage(
            "s3.kms-key-id: must come with an encryption of aws:kms or aws:kms:dsse, is with"
                + " AES256");
    assertThatThrownBy(() -> new WriteOptions(Optional.empty(), Optional.of("GLACIER"), Map.of()))
        .hasMessage("s3.storage-class: must be one whose objects can be read at once, is GLACIER");
  }

  @Test
  void aLargeObjectIsWrittenInPartsAndReadBack() {
    byte[] bytes = random(2 * PART + 7);
    ObjectStore store = store(WriteOptions.NONE);

    store.put(uri("long.bin"), bytes, "image/webp");

    assertThat(parts()).hasSize(3);
    assertThat(seen.stream().filter(each -> each.target().contains("partNumber=3")))
        .allSatisfy(part -> assertThat(part.headers()).containsKeys("x-amz-checksum-crc32"))
        .hasSize(1);
    assertThat(store.get(uri("long.bin"), bytes.length))
        .hasValueSatisfying(stored -> assertThat(stored).isEqualTo(bytes));
    assertThat(client.headObject(head -> head.bucket("pictures").key("long.bin")).contentType())
        .isEqualTo("image/webp");
  }

  @Test
  void anObjectOfOnePartIsWrittenInOnePiece() {
    store(WriteOptions.NONE).put(uri("part.bin"), new byte[PART], "image/png");

    assertThat(parts()).isEmpty();
  }

  @Test
  void onlyAPartWithALostAnswerIsSentAgain() {
    AtomicInteger lost = new AtomicInteger();
    proxy.rule(
        request ->
            request.target().contains("partNumber=2") && lost.getAndIncrement() == 0
                ? new Fault.Lose()
                : note(request));
    byte[] bytes = random(2 * PART);
    ObjectStore store = store(WriteOptions.NONE);

    store.put(uri("again.bin"), bytes, "image/png");

    assertThat(lost).hasValue(2);
    assertThat(parts()).hasSize(2);
    assertThat(store.get(uri("again.bin"), bytes.length))
        .hasValueSatisfying(stored -> assertThat(stored).isEqualTo(bytes));
  }

  @Test
  void theAnswerToTheLastCallMayBeLost() {
    AtomicInteger completed = new AtomicInteger();
    proxy.rule(
        request ->
            completes(request) && completed.getAndIncrement() == 0
                ? new Fault.Lose()
                : note(request));
    byte[] bytes = random(PART + 1);
    ObjectStore store = store(WriteOptions.NONE);

    store.put(uri("completed.bin"), bytes, "image/png");

    assertThat(completed).hasValueGreaterThan(1);
    assertThat(store.get(uri("completed.bin"), bytes.length))
        .hasValueSatisfying(stored -> assertThat(stored).isEqualTo(bytes));
  }

  @Test
  void partsOfAWriteThatFailsAreRemoved() {
    proxy.rule(
        request ->
            request.target().contains("partNumber=2")
                ? new Fault.Answer(403, "AccessDenied")
                : note(request));

    assertThatThrownBy(
            () -> store(WriteOptions.NONE).put(uri("half.bin"), new byte[2 * PART], "image/png"))
        .hasMessage("s3://pictures/half.bin: could not be written: 403 AccessDenied");
    assertThat(client.listMultipartUploads(list -> list.bucket("pictures")).uploads()).isEmpty();
    assertThat(store(WriteOptions.NONE).get(uri("half.bin"), 100)).isEmpty();
  }

  @Test
  void theNumberOfConcurrentOperationsIsLimited() throws Exception {
    AtomicInteger underWay = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch both = new CountDownLatch(2);
    S3Access access =
        new S3Access(
            client, new S3Options(false, WriteOptions.NONE, PART, 2, Duration.ofMinutes(1)));
    ExecutorService callers = Executors.newFixedThreadPool(6);
    try {
      List<Future<Integer>> calls = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        calls.add(
            callers.submit(
                () ->
                    access.run(
                        deadline -> {
                          most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
                          both.countDown();
                          await(both);
                          return underWay.decrementAndGet();
                        })));
      }
      for (Future<Integer> call : calls) {
        call.get();
      }
    } finally {
      callers.shutdownNow();
    }
    assertThat(most).hasValue(2);
  }

  @Test
  void aFailingStoreIsGivenUpAtTheDeadline() {
    AtomicInteger attempts = new AtomicInteger();
    proxy.rule(
        request -> {
          attempts.incrementAndGet();
          return new Fault.Answer(409, "OperationAborted");
        });
    S3Options hasty = new S3Options(false, WriteOptions.NONE, PART, 2, Duration.ofMillis(1));
    ObjectUri uri = uri("late.png");

    assertThatThrownBy(
            () -> new S3ObjectStore(new S3Access(client, hasty)).put(uri, new byte[3], "image/png"))
        .isInstanceOfSatisfying(
            ObjectStore.StoreFailure.class, e -> assertThat(e.refused()).isFalse())
        .hasMessage(uri + ": could not be written: not finished within darkroom.s3.deadline");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static WriteOptions tagged() {
    return new WriteOptions(
        Optional.empty(), Optional.of("STANDARD_IA"), Map.of("team", "pictures & more"));
  }

  private static void assertTagged(FaultProxy.Request request) {
    assertThat(request.headers())
        .containsEntry("x-amz-storage-class", "STANDARD_IA")
        .containsEntry("x-amz-tagging", "team=pictures%20%26%20more");
  }

  private static boolean completes(FaultProxy.Request request) {
    return request.method().equals("POST") && request.target().contains("uploadId=");
  }

  private List<FaultProxy.Request> parts() {
    return seen.stream().filter(each -> each.target().contains("partNumber=")).toList();
  }

  private Fault note(FaultProxy.Request request) {
    seen.add(request);
    return Fault.NONE;
  }

  private ObjectStore store(WriteOptions write) {
    return new S3ObjectStore(
        new S3Access(client, new S3Options(false, write, PART, 4, Duration.ofMinutes(1))));
  }

  private static ObjectUri uri(String key) {
    return new ObjectUri("pictures", key);
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }
}
