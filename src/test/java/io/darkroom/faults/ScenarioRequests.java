package io.darkroom.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.darkroom.LocalStack;
import io.darkroom.render.ObjectUri;
import io.darkroom.s3.S3Clients;
import io.darkroom.s3.S3ObjectStore;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The requests of one scenario: number i is the same picture in each, and pictures repeat. */
final class ScenarioRequests {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final int MOST_ROUNDS = 20;
  private static final int PICTURES = 140;

  /** Digest of the package, in an event or a manifest. */
  private static final String PACKAGE = "/stages/0/fingerprint/package_sha256";

  private final FaultStack stack;
  private final String name;
  private final List<String> ids = new ArrayList<>();
  private final List<String> missed = new ArrayList<>();
  private final Map<String, Hit> hits = new HashMap<>();
  private int faults;
  private long lastFaultNanos = System.nanoTime();

  /**
   * A fault that hit a request.
   *
   * @param source of the worker that was hit; empty = any
   */
  private record Hit(long atNanos, String source) {}

  ScenarioRequests(FaultStack stack, String name) {
    this.stack = stack;
    this.name = name;
  }

  List<String> ids() {
    return List.copyOf(ids);
  }

  int size() {
    return ids.size();
  }

  /** The id of request number {@code index}. */
  String id(int index) {
    return ids.get(index);
  }

  /** Publishes this number of further requests. */
  void publish(int count) throws ExecutionException, InterruptedException {
    for (int i = 0; i < count; i++) {
      int number = ids.size();
      publish(Integer.toString(number), number % PICTURES, 1, 20);
    }
  }

  /** Publishes one request. */
  void publish(String suffix, long seed, int images, int steps)
      throws ExecutionException, InterruptedException {
    publish(suffix, seed, images, steps, Optional.empty());
  }

  /** Publishes one request that may have a deadline. */
  void publish(String suffix, long seed, int images, int steps, Optional<Instant> deadline)
      throws ExecutionException, InterruptedException {
    String field = deadline.map(each -> ", \"deadline\": \"" + each + "\"").orElse("");
    String id = name.replace(' ', '-') + "-" + suffix;
    ids.add(id);
    stack.request(
        id,
        "{\"id\": \"%s\", \"kind\": \"generate\", \"model\": \"emoji-32\", \"class_label\": \"fox-face\","
                .formatted(id)
            + " \"num_inference_steps\": %d, \"seed\": %d, \"num_images\": %d"
                .formatted(steps, seed, images)
            + field
            + "}");
  }

  /** Returns the digests of the packages of completed requests. */
  Set<String> packages() {
    Set<String> packages = new TreeSet<>();
    ids.stream()
        .flatMap(id -> stack.events().of(id).stream())
        .filter(event -> event.kind().equals("completed"))
        .forEach(event -> packages.add(event.data().at(PACKAGE).asText()));
    return packages;
  }

  long ended() {
    return ids.stream().filter(stack.events()::ended).count();
  }

  /** Notes a fault when a worker renders. */
  void fault() throws ExecutionException, InterruptedException {
    fault("");
  }

  /**
   * Notes a fault when the worker that it hits renders one of the requests. If all have ended, more
   * are published: a fast machine is never without work.
   *
   * @param source of that worker; empty = any
   */
  void fault(String source) throws ExecutionException, InterruptedException {
    List<String> hit = List.of();
    for (int i = 0; hit.isEmpty() && i < MOST_ROUNDS; i++) {
      if (i > 0) {
        publish(FaultStack.IN_FLIGHT);
      }
      stack.until(
          "work in flight at fault " + (faults + 1),
          () -> !rendered(source).isEmpty() || ended() == ids.size());
      hit = rendered(source);
    }
    note(hit, source);
  }

  /** Notes a fault that keeps requests from being begun; they must wait for it. */
  void faultBeforeWork() {
    note(ids.stream().filter(id -> !stack.events().ended(id)).toList(), "");
  }

  private void note(List<String> hit, String source) {
    faults++;
    lastFaultNanos = System.nanoTime();
    hit.forEach(id -> hits.put(id, new Hit(lastFaultNanos, source)));
    if (hit.isEmpty()) {
      missed.add(name + ": nothing was in flight at fault " + faults);
    }
  }

  private List<String> rendered(String source) {
    return ids.stream()
        .filter(
            id -> {
              String by = stack.events().renderedBy(id);
              return !by.isEmpty() && (source.isEmpty() || by.equals(source));
            })
        .toList();
  }

  void check(boolean so, String goal) {
    if (!so) {
      missed.add(name + ": " + goal);
    }
  }

  /** Waits until this number of requests has ended. */
  void awaitEnded(int count) throws InterruptedException {
    stack.until(count + " of " + name + " ended", () -> ended() >= count);
  }

  /** Waits for all requests, and counts the violated goals. */
  Verdict verdict(Map<String, Set<String>> calm) throws IOException, InterruptedException {
    try {
      awaitEnded(ids.size());
    } catch (MissedGoal inVain) {
      missed.add(inVain.getMessage());
    }
    double seconds = (System.nanoTime() - lastFaultNanos) / 1e9;
    Stored stored = new Stored();
    try (S3Client client = S3Clients.open(stack.store().settings())) {
      S3ObjectStore store = new S3ObjectStore(client);
      for (String id : ids) {
        stored.add(id, client, store, calm);
      }
    }
    return new Verdict(
        name,
        ids.size(),
        faults,
        ids.size() - (int) ended(),
        count(id -> outcomes(id).size() > 1),
        ids.stream().mapToInt(this::repeated).sum(),
        stored.withoutManifest,
        stored.orphans,
        ids.stream()
            .mapToInt(id -> (int) Math.max(0, stack.events().count(id, "started") - 1))
            .sum(),
        stored.otherBytes,
        count(id -> stack.events().count(id, "failed") > 0),
        firstTakenUpSeconds(),
        takenUpSeconds(),
        faults == 0 ? 0 : seconds,
        missed);
  }

  private int count(Predicate<String> which) {
    return (int) ids.stream().filter(which).count();
  }

  private Set<String> outcomes(String id) {
    Set<String> kinds = new HashSet<>();
    stack.events().of(id).stream()
        .filter(EventLog.Event::terminal)
        .forEach(event -> kinds.add(event.ceId()));
    return kinds;
  }

  /** The longest time from a fault to the next beginning or end of a request that it hit. */
  private double takenUpSeconds() {
    return hits.keySet().stream().mapToDouble(this::takenUpSeconds).max().orElse(0);
  }

  /** The longest time from a fault until another worker begins or ends the first request it hit. */
  private double firstTakenUpSeconds() {
    return Arrays.stream(firstsTakenUpSeconds()).max().orElse(0);
  }

  /**
   * Waits until other workers have taken up a request of each fault: a worker that dies while it
   * takes over requests adds its own session timeout.
   */
  void awaitTakenUp() throws InterruptedException {
    stack.until("a request of each fault is taken up", () -> openHits().isEmpty());
  }

  /** Faults of which no request has been taken up or has ended. */
  private Set<Hit> openHits() {
    Set<Hit> open = new HashSet<>(hits.values());
    hits.forEach(
        (id, hit) -> {
          if (takenUpSeconds(id) > 0 || stack.events().ended(id)) {
            open.remove(hit);
          }
        });
    return open;
  }

  /** These times of all faults, in ascending order. */
  double[] firstsTakenUpSeconds() {
    Map<Hit, Double> firsts = new HashMap<>();
    hits.forEach(
        (id, hit) -> {
          double seconds = takenUpSeconds(id);
          if (seconds > 0) {
            firsts.merge(hit, seconds, Math::min);
          }
        });
    return firsts.values().stream().mapToDouble(Double::doubleValue).sorted().toArray();
  }

  /** 0 if no other worker begins or ends the request. */
  private double takenUpSeconds(String id) {
    Hit hit = Objects.requireNonNull(hits.get(id));
    return stack.events().of(id).stream()
        .filter(event -> event.terminal() || event.kind().equals("started"))
        .filter(event -> hit.source().isEmpty() || !event.source().equals(hit.source()))
        .mapToDouble(event -> (event.atNanos() - hit.atNanos()) / 1e9)
        .filter(after -> after > 0)
        .min()
        .orElse(0);
  }

  private int repeated(String id) {
    int terminal = (int) stack.events().of(id).stream().filter(EventLog.Event::terminal).count();
    return Math.max(0, terminal - Math.max(1, outcomes(id).size()));
  }

  private final class Stored {
    private int withoutManifest;
    private int orphans;
    private int otherBytes;

    void add(String id, S3Client client, S3ObjectStore store, Map<String, Set<String>> calm)
        throws IOException {
      if (stack.events().count(id, "completed") == 0) {
        return;
      }
      ObjectUri manifest = new ObjectUri(LocalStack.BUCKET, "renders/" + id + "/manifest.json");
      Optional<byte[]> bytes = store.get(manifest, 1 << 20);
      if (bytes.isEmpty()) {
        withoutManifest++;
        return;
      }
      JsonNode stored = JSON.readTree(bytes.get());
      String digest = stored.at(PACKAGE).asText();
      Set<String> named = new HashSet<>();
      stored.path("outputs").forEach(each -> compare(digest, each, named, calm));
      for (S3Object object :
          client
              .listObjectsV2(l -> l.bucket(LocalStack.BUCKET).prefix("renders/" + id + "/"))
              .contents()) {
        boolean known = object.key().endsWith("/manifest.json") || named.contains(object.key());
        orphans += known ? 0 : 1;
      }
    }

    /** Images of one seed and one package are the same. */
    private void compare(
        String digest, JsonNode output, Set<String> named, Map<String, Set<String>> calm) {
      named.add(output.path("uri").asText().replace("s3://" + LocalStack.BUCKET + "/", ""));
      String picture = digest + " " + output.path("seed").asLong();
      Set<String> pixels = calm.computeIfAbsent(picture, each -> new HashSet<>());
      pixels.add(output.path("pixels_sha256").asText());
      otherBytes += pixels.size() > 1 ? 1 : 0;
    }
  }
}
