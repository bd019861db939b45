package io.darkroom.faults;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.darkroom.EveryKind;
import io.darkroom.Jvm;
import io.darkroom.LocalStack;
import io.darkroom.RandomRequests;
import io.darkroom.s3.S3Clients;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Two workers with different rows per call render a topic of 500 requests of every kind that is
 * served, while one of them is killed twice and the other one once. Then a third process with again
 * other rows replays the topic, is interrupted, and continues. Every result must be reproduced, and
 * no stored object may change. At last, {@code verify --worker} must plan every request in the same
 * way without rendering it.
 */
final class ReplayProof {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int REQUESTS = 500;

  /** Requests that are cancelled, so that they have no result. */
  private static final int CANCELLED = 10;

  private static final long MOST_MINUTES = 15;

  private final FaultStack stack;
  private final Path jar;
  private final List<String> ids = new ArrayList<>();
  private final List<String> missed = new ArrayList<>();
  private final EveryKind everyKind;
  private final String models;

  ReplayProof(FaultStack stack, Path jar) throws IOException {
    this.stack = stack;
    this.jar = jar;
    this.everyKind = new EveryKind(stack.folder());
    this.models =
        "src/main/models,"
            + everyKind.packages().stream().map(Path::toString).collect(joining(","));
  }

  /** Returns 0 if every result was reproduced, else 1. */
  int run() throws Exception {
    join(1);
    join(8);
    stack.awaitServing();
    publish();
    killAfter(REQUESTS / 5, 1);
    killAfter(REQUESTS * 2 / 5, 8);
    killAfter(REQUESTS * 3 / 5, 1);
    awaitEnded(ids.size());
    Map<String, String> stored = stored();
    JsonNode report = replay();
    check(stored.equals(stored()), "the replay must not change stored objects");
    check(report);
    verify();
    missed.forEach(System.out::println);
    return missed.isEmpty() ? 0 : 1;
  }

  private void join(int rows) throws IOException {
    stack.join(
        Map.of("DARKROOM_MODELS", models, "DARKROOM_ENGINE_ROWS_PER_CALL", Integer.toString(rows)));
  }

  private void publish() throws Exception {
    RandomRequests random = new RandomRequests(stack.random());
    for (int i = 0; i < REQUESTS + CANCELLED; i++) {
      String id = "mixed-" + i;
      ObjectNode request = i % 4 == 1 ? everyKind.request(i / 4, stack.random()) : mixed(random, i);
      request.put("id", id);
      ids.add(id);
      if (i >= REQUESTS) {
        stack.cancel(id);
      }
      stack.request(id, JSON.writeValueAsString(request));
    }
  }

  private static ObjectNode mixed(RandomRequests random, int number) throws IOException {
    ObjectNode request = (ObjectNode) JSON.readTree(random.next(number));
    vary(request, number);
    return request;
  }

  /** Some requests have a second stage, another format, or a deadline. */
  private static void vary(ObjectNode request, int number) {
    boolean small = request.path("model").textValue().equals("emoji-32");
    if (number % 10 == 0 && small) {
      request
          .putArray("then")
          .addObject()
          .put("kind", "upscale")
          .put("model", "emoji-sr4")
          .put("num_inference_steps", 2);
    } else if (number % 10 == 3) {
      request.putObject("output").put("format", "npy");
    } else if (number % 10 == 6) {
      request.putObject("output").put("format", "jpeg");
    } else if (number % 10 == 7) {
      request.putObject("output").put("format", "webp");
    } else if (number % 10 == 9) {
      request.put("deadline", Instant.now().plus(1, ChronoUnit.HOURS).toString());
    }
  }

  /** Kills the oldest worker when this number of requests has ended; another one replaces it. */
  private void killAfter(int requests, int rows) throws Exception {
    awaitEnded(requests);
    stack.kill();
    join(rows);
  }

  private void awaitEnded(int count) throws InterruptedException {
    stack.until(
        count + " requests ended",
        () -> ids.stream().filter(stack.events()::ended).count() >= count);
  }

  /** Lets another process check the stored results, and plan their requests again. */
  private void verify() throws Exception {
    Path log = stack.folder().resolve("verify.log");
    List<String> command = Jvm.java();
    command.addAll(List.of("-jar", jar.toString(), "verify", "--worker"));
    command.add("s3://" + LocalStack.BUCKET + "/renders/");
    Process verify = start(command, log);
    check(verify.waitFor(MOST_MINUTES, TimeUnit.MINUTES), "verify must end");
    verify.destroyForcibly();
    long same =
        Files.readAllLines(log).stream()
            .filter(line -> line.contains("has the same fingerprint, so it gives the same pixels"))
            .count();
    System.out.printf("requests with the same plan and fingerprint: %d%n", same);
    check(verify.exitValue() == 0 && same == REQUESTS, "verify must find every result good");
  }

  /** Replays the topic; the first process is ended before it is done. */
  private JsonNode replay() throws Exception {
    Path folder = stack.folder();
    Path report = folder.resolve("report.json");
    List<String> command = Jvm.java();
    command.addAll(List.of("-jar", jar.toString(), "replay", "-o"));
    command.addAll(List.of(folder.resolve("again").toString(), "--report", report.toString()));
    Process first = start(command, folder.resolve("replay-1.log"));
    stack.until("a part of the replay", () -> replayed(folder) >= REQUESTS / 5);
    first.destroyForcibly().waitFor();
    int kept = replayed(folder);
    check(kept < REQUESTS, "the replay must be interrupted before its end");
    Process second = start(command, folder.resolve("replay-2.log"));
    check(second.waitFor(MOST_MINUTES, TimeUnit.MINUTES), "the replay must end");
    second.destroyForcibly();
    System.out.printf("replays that the second process found: %d%n", kept);
    return JSON.readTree(report.toFile());
  }

  private Process start(List<String> command, Path log) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(stack.environment());
    builder.environment().put("DARKROOM_MODELS", models);
    builder.environment().put("DARKROOM_ENGINE_ROWS_PER_CALL", "3");
    return builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
  }

  /** Manifests that the replay has written. */
  private static int replayed(Path folder) {
    Path again = folder.resolve("again");
    if (!Files.isDirectory(again)) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(again)) {
      return (int) files.filter(file -> file.endsWith("manifest.json")).count();
    } catch (UncheckedIOException | IOException changing) { // a temporary file was just removed
      return 0;
    }
  }

  /** Returns the digest of each stored object. */
  private Map<String, String> stored() {
    Map<String, String> objects = new TreeMap<>();
    try (S3Client client = S3Clients.open(stack.store().settings())) {
      client
          .listObjectsV2Paginator(list -> list.bucket(LocalStack.BUCKET))
          .contents()
          .forEach(object -> objects.put(object.key(), object.eTag() + object.lastModified()));
    }
    return objects;
  }

  private void check(JsonNode report) {
    JsonNode counts = report.path("counts");
    System.out.println("verdicts: " + counts);
    int equal = counts.path("equal_files").asInt() + counts.path("equal_pixels").asInt();
    int cancelled =
        (int) ids.stream().filter(id -> stack.events().count(id, "cancelled") > 0).count();
    check(cancelled == CANCELLED, "cancelled must be " + CANCELLED + ", are " + cancelled);
    check(equal == REQUESTS, "equal must be " + REQUESTS + ", are " + equal);
    check(counts.path("different").asInt() == 0, "no result may differ");
    check(
        counts.path("not_replayable").asInt() == CANCELLED,
        "cancelled requests must be named as not replayable");
  }

  private void check(boolean so, String goal) {
    if (!so) {
      missed.add(goal);
    }
  }
}
