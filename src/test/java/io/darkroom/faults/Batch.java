package io.darkroom.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.darkroom.LocalStack;
import io.darkroom.render.ObjectUri;
import io.darkroom.s3.S3Clients;
import io.darkroom.s3.S3ObjectStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The requests of one scenario: number i is the same picture in each. */
final class Batch {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final World world;
  private final String name;
  private final List<String> ids = new ArrayList<>();
  private final List<String> missed = new ArrayList<>();
  private int faults;
  private long lastFaultNanos = System.nanoTime();

  Batch(World world, String name) {
    this.world = world;
    this.name = name;
  }

  List<String> ids() {
    return List.copyOf(ids);
  }

  /** Publishes so many requests. */
  void publish(int count) throws ExecutionException, InterruptedException {
    for (int i = 0; i < count; i++) {
      publish(Integer.toString(i), i, 1, 20);
    }
  }

  /** Publishes one request. */
  void publish(String suffix, long seed, int images, int steps)
      throws ExecutionException, InterruptedException {
    String id = name.replace(' ', '-') + "-" + suffix;
    ids.add(id);
    world.request(
        id,
        "{\"id\": \"%s\", \"kind\": \"generate\", \"model\": \"emoji-32\", \"class_label\": \"fox-face\","
                .formatted(id)
            + " \"num_inference_steps\": %d, \"seed\": %d, \"num_images\": %d}"
                .formatted(steps, seed, images));
  }

  long ended() {
    return ids.stream().filter(world.events()::ended).count();
  }

  /** Notes a fault, which must find work in flight. */
  void fault() {
    faults++;
    lastFaultNanos = System.nanoTime();
    if (ended() == ids.size()) {
      missed.add(name + ": nothing was in flight at fault " + faults);
    }
  }

  void check(boolean so, String goal) {
    if (!so) {
      missed.add(name + ": " + goal);
    }
  }

  /** Waits until so many have ended. */
  void awaitEnded(int count) throws InterruptedException {
    world.until(count + " of " + name + " ended", () -> ended() >= count);
  }

  /** Waits for all, and counts what went wrong. */
  Verdict verdict(Map<Long, Set<String>> calm) throws IOException, InterruptedException {
    try {
      awaitEnded(ids.size());
    } catch (MissedGoal inVain) {
      missed.add(inVain.getMessage());
    }
    double seconds = (System.nanoTime() - lastFaultNanos) / 1e9;
    Stored stored = new Stored();
    try (S3Client client = S3Clients.open(world.store().settings())) {
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
            .mapToInt(id -> (int) Math.max(0, world.events().count(id, "started") - 1))
            .sum(),
        stored.otherBytes,
        faults == 0 ? 0 : seconds,
        missed);
  }

  private int count(java.util.function.Predicate<String> which) {
    return (int) ids.stream().filter(which).count();
  }

  private Set<String> outcomes(String id) {
    Set<String> kinds = new HashSet<>();
    world.events().of(id).stream()
        .filter(EventLog.Event::terminal)
        .forEach(event -> kinds.add(event.ceId()));
    return kinds;
  }

  private int repeated(String id) {
    int terminal = (int) world.events().of(id).stream().filter(EventLog.Event::terminal).count();
    return Math.max(0, terminal - Math.max(1, outcomes(id).size()));
  }

  private final class Stored {
    private int withoutManifest;
    private int orphans;
    private int otherBytes;

    void add(String id, S3Client client, S3ObjectStore store, Map<Long, Set<String>> calm)
        throws IOException {
      if (world.events().count(id, "completed") == 0) {
        return;
      }
      ObjectUri manifest = new ObjectUri(LocalStack.BUCKET, "renders/" + id + "/manifest.json");
      Optional<byte[]> bytes = store.get(manifest, 1 << 20);
      if (bytes.isEmpty()) {
        withoutManifest++;
        return;
      }
      JsonNode outputs = JSON.readTree(bytes.get()).path("outputs");
      Set<String> named = new HashSet<>();
      outputs.forEach(each -> compare(each, named, calm));
      for (S3Object object :
          client
              .listObjectsV2(l -> l.bucket(LocalStack.BUCKET).prefix("renders/" + id + "/"))
              .contents()) {
        boolean known = object.key().endsWith("/manifest.json") || named.contains(object.key());
        orphans += known ? 0 : 1;
      }
    }

    private void compare(JsonNode output, Set<String> named, Map<Long, Set<String>> calm) {
      named.add(output.path("uri").asText().replace("s3://" + LocalStack.BUCKET + "/", ""));
      Set<String> pixels =
          calm.computeIfAbsent(output.path("seed").asLong(), each -> new HashSet<>());
      pixels.add(output.path("pixels_sha256").asText());
      otherBytes += pixels.size() > 1 ? 1 : 0;
    }
  }
}
