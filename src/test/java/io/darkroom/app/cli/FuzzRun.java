package io.darkroom.app.cli;

import io.darkroom.app.Configured;
import io.darkroom.app.DarkroomConfig;
import io.darkroom.app.metrics.Outcomes;
import io.darkroom.app.models.LocatedModels;
import io.darkroom.fuzz.FuzzedMessages;
import io.darkroom.fuzz.FuzzedPackages;
import io.darkroom.fuzz.FuzzedPictures;
import io.darkroom.job.ErrorClass;
import io.darkroom.job.Problem;
import io.darkroom.job.RenderOutcome;
import io.darkroom.json.CloudEvent;
import io.darkroom.json.EventCodec;
import io.darkroom.render.Delivery;
import io.darkroom.render.Intake;
import io.darkroom.render.JobListener;
import io.darkroom.render.ObjectStore;
import io.darkroom.render.ObjectUri;
import io.darkroom.render.Settlement;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A worker's engine, packages and way of a request, without a broker, for some seconds under
 * messages, pictures and packages made at random; to be run in a JVM of its own with a small heap.
 * Ends with status 1, and says why, unless every message had one outcome and none {@code internal},
 * every package was served or refused by name, a sound request was rendered after each round, and
 * the heap did not grow from the second round to the last. The same seed gives the same inputs.
 */
final class FuzzRun {
  private static final int MESSAGES = 96;
  private static final int PICTURES = 24;
  private static final int PACKAGES = 6;

  /** Rounds with the same packages. */
  private static final int ROUNDS = 12;

  private static final int STARTERS = 5;

  private static final long GROWTH = 16L << 20;

  /** The largest record that a broker takes unless it is configured otherwise. */
  private static final int MAX_EVENT = 1 << 20;

  private final Path folder;
  private final long end;
  private final Random random;
  private final FuzzedPictures pictures;
  private final FuzzedPackages packages;
  private final DarkroomConfig config;
  private final EventCodec events = new EventCodec("/darkroom/fuzz");
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private final Map<String, Integer> outcomes = new ConcurrentHashMap<>();
  private final List<Long> heap = new ArrayList<>();
  private int rounds;
  private int next;

  private FuzzRun(Path folder, long seed, Duration time) throws IOException {
    this.folder = folder;
    this.end = System.nanoTime() + time.toNanos();
    this.random = new Random(seed);
    this.pictures = new FuzzedPictures(random);
    this.packages = new FuzzedPackages(random);
    this.config = LocalConfig.read();
  }

  /** Arguments: a folder for what it writes meanwhile, a seed, seconds. */
  public static void main(String[] arguments) throws Exception {
    Path parent = Files.createDirectories(Path.of(arguments[0]));
    Path folder = Files.createTempDirectory(parent, "run");
    long seed = Long.parseLong(arguments[1]);
    Duration time = Duration.ofSeconds(Long.parseLong(arguments[2]));
    boolean right = new FuzzRun(folder, seed, time).run();
    delete(folder);
    System.exit(right ? 0 : 1);
  }

  private boolean run() throws Exception {
    do {
      period();
    } while (System.nanoTime() < end && complaints.isEmpty());
    long before = heap.get(Math.min(1, heap.size() - 1));
    long after = heap.get(heap.size() - 1);
    if (after - before > GROWTH) {
      complaints.add("the heap grew from " + before + " to " + after + " bytes");
    }
    System.out.println("outcomes " + new TreeMap<>(outcomes));
    System.out.println("heap " + before + " to " + after + " in " + rounds + " rounds");
    complaints.forEach(complaint -> System.out.println("WRONG " + complaint));
    return complaints.isEmpty();
  }

  /** Some rounds with the starter packages and some hostile ones. */
  private void period() throws Exception {
    Path models = folder.resolve("models-" + rounds);
    for (int i = 0; i < PACKAGES; i++) {
      packages.write(models.resolve("hostile-" + i));
    }
    try (LocalEngine engine =
        LocalEngine.open(
            LocatedModels.in(List.of(Path.of("src/main/models"), models)),
            Configured.networks(config),
            Configured.opening(config),
            Configured.engineLimits(config),
            death -> complaints.add("the engine died: " + death))) {
      int answered = engine.models().byName().size() + engine.broken().size();
      expect(answered == PACKAGES + STARTERS, "packages served or refused: " + answered);
      engine.broken().forEach(broken -> System.out.println("refused " + broken.getMessage()));
      FolderStore store = new FolderStore(folder.resolve("store"));
      Intake intake = new LocalRender(config, engine, store, JobListener.NONE).pipeline(List.of());
      List<String> names = List.copyOf(engine.models().byName().keySet());
      for (int i = 0; i < ROUNDS && complaints.isEmpty(); i++) {
        round(intake, store, new FuzzedMessages(random, names));
        if (System.nanoTime() > end) {
          break;
        }
      }
    }
    delete(models);
  }

  private void round(Intake intake, ObjectStore store, FuzzedMessages messages) throws Exception {
    for (int i = 0; i < PICTURES; i++) {
      store.put(ObjectUri.parse(source(i)), pictures.next(), "image/png");
    }
    ExecutorService threads = Executors.newFixedThreadPool(config.kafka().inFlight());
    for (int i = 0; i < MESSAGES; i++) {
      threads.execute(() -> settle(intake, messages));
    }
    threads.shutdown();
    expect(threads.awaitTermination(5, TimeUnit.MINUTES), "a message has no outcome yet");
    sound(intake);
    delete(folder.resolve("store"));
    heap.add(live());
    rounds++;
  }

  private void settle(Intake intake, FuzzedMessages messages) {
    FuzzedMessages.Message message = new FuzzedMessages.Message(new byte[0], "");
    try {
      message = message(messages);
      Settlement settled = intake.settle(delivery(message));
      RenderOutcome outcome = settled.outcome();
      outcomes.merge(Outcomes.name(outcome) + " " + Outcomes.errorClass(outcome), 1, Integer::sum);
      CloudEvent event = events.terminal(outcome, 1, Instant.now());
      Problem problem = Outcomes.problem(outcome).orElse(Problem.of(ErrorClass.INVALID, ""));
      expect(problem.kind() != ErrorClass.INTERNAL, problem.message() + " of " + text(message));
      expect(event.data().length < MAX_EVENT, "a large event of " + text(message));
    } catch (RuntimeException | Error fault) { // the thread's top
      complaints.add(fault + " instead of an outcome of " + text(message));
    }
  }

  /** One after the other: what makes messages must not take the heap that their reader needs. */
  private synchronized FuzzedMessages.Message message(FuzzedMessages messages) {
    String id = next % 5 == 0 ? "again" : "fuzz-" + next;
    next++;
    return messages.next(id, source(random.nextInt(PICTURES)));
  }

  private void sound(Intake intake) {
    String request =
        "{\"id\":\"sound-"
            + rounds
            + "\",\"kind\":\"generate\",\"model\":\"emoji-32\","
            + "\"class_label\":\"fox-face\",\"num_inference_steps\":2}";
    byte[] body = request.getBytes(StandardCharsets.UTF_8);
    Settlement settled = intake.settle(delivery(new FuzzedMessages.Message(body, "")));
    expect(
        settled.outcome() instanceof RenderOutcome.Completed,
        "a sound request ended as " + settled.outcome());
  }

  private static Delivery delivery(FuzzedMessages.Message message) {
    Instant now = Instant.now();
    return new Delivery("requests/0/0", message.contentType(), message.body(), now, now);
  }

  private void expect(boolean right, String complaint) {
    if (!right) {
      complaints.add(complaint);
    }
  }

  private static String source(int number) {
    return "s3://pictures/sources/" + number;
  }

  private static String text(FuzzedMessages.Message message) {
    String text = new String(message.body().array(), StandardCharsets.UTF_8);
    return text.substring(0, Math.min(2000, text.length()));
  }

  private static long live() {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    memory.gc();
    memory.gc();
    return memory.getHeapMemoryUsage().getUsed();
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
