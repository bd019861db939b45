package io.darkroom.faults;

import io.darkroom.faults.FaultProxy.Fault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.ToLongFunction;

/**
 * Runs one worker that renders all the time, with a store that sometimes fails. Prints its memory,
 * threads and files over time, and exits with 1 if they grow. For Linux.
 */
public final class Soak {
  private static final int WAITING = 24;
  private static final int SAMPLES = 40;
  private static final long MEBI = 1 << 20;

  private final FaultStack stack;
  private final FaultStack.Member worker;
  private final Path temporary;
  private final Duration duration;
  private final List<Vitals> vitals = new ArrayList<>();
  private final List<String> missed = new ArrayList<>();

  private Soak(FaultStack stack, Path folder, Duration duration) throws Exception {
    this.stack = stack;
    this.temporary = Files.createDirectories(folder.resolve("temporary"));
    this.duration = duration;
    this.worker =
        stack.join(
            Map.of("JAVA_TOOL_OPTIONS", "-Xmx256m -XX:+UseSerialGC -Djava.io.tmpdir=" + temporary));
  }

  /**
   * Runs and prints the table; exits with 1 if a value grows.
   *
   * @param args the packaged worker; {@code short} (10 minutes), {@code long} (an hour) or a number
   *     of seconds; a seed
   */
  public static void main(String[] args) throws Exception {
    Path folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "soak-");
    System.out.printf("form=%s seed=%s logs=%s%n", args[1], args[2], folder);
    int status;
    try (FaultStack stack =
        new FaultStack(folder, Path.of(args[0]), Long.parseLong(args[2]), Map.of())) {
      status = new Soak(stack, folder, duration(args[1])).run();
    }
    System.exit(status);
  }

  private static Duration duration(String form) {
    return switch (form) {
      case "short" -> Duration.ofMinutes(10);
      case "long" -> Duration.ofHours(1);
      default -> Duration.ofSeconds(Long.parseLong(form));
    };
  }

  private int run() throws Exception {
    stack.awaitServing();
    stack.proxy().rule(this::nowAndThen);
    ScenarioRequests batch = new ScenarioRequests(stack, "soak");
    batch.publish(WAITING);
    batch.awaitEnded(WAITING);
    long began = System.nanoTime();
    for (int sample = 1; sample <= SAMPLES; sample++) {
      long next = began + duration.toNanos() * sample / SAMPLES;
      while (System.nanoTime() < next) {
        int seed = batch.size();
        batch.publish(Integer.toString(seed), seed, 1, 20);
        String earlier = batch.id(seed - WAITING);
        stack.until(earlier + " ended", () -> stack.events().ended(earlier));
      }
      vitals.add(Vitals.of(worker.process().pid(), temporary, stack.uncommitted()));
      print(sample, batch.ended());
    }
    batch.awaitEnded(batch.size());
    stack.until("all committed", this::allCommitted);
    flat("heap", Vitals::heap, 16 * MEBI);
    flat("resident memory", Vitals::resident, 48 * MEBI);
    flat("threads", Vitals::threads, 8);
    flat("files", Vitals::files, 16);
    flat("temporary bytes", Vitals::temporary, MEBI);
    flat("uncommitted", Vitals::uncommitted, WAITING);
    missed.forEach(System.out::println);
    return missed.isEmpty() ? 0 : 1;
  }

  private Fault nowAndThen(FaultProxy.Request request) {
    Random random = stack.random();
    synchronized (random) {
      return random.nextInt(100) > 0 ? Fault.NONE : new Fault.Answer(503, "SlowDown");
    }
  }

  private boolean allCommitted() {
    try {
      return stack.uncommitted() == 0;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Compares the maximum of the last quarter with that of the second, because the first one is the
   * warm-up.
   */
  private void flat(String what, ToLongFunction<Vitals> of, long allowed) {
    long early = most(of, SAMPLES / 4, SAMPLES / 2);
    long late = most(of, 3 * SAMPLES / 4, SAMPLES);
    System.out.printf("%-16s second quarter %d, last quarter %d%n", what, early, late);
    if (late > early + allowed) {
      missed.add(
          what + ": must grow by at most " + allowed + ", grew from " + early + " to " + late);
    }
  }

  private long most(ToLongFunction<Vitals> of, int from, int to) {
    return vitals.subList(from, to).stream().mapToLong(of).max().orElseThrow();
  }

  private void print(int sample, long ended) {
    System.out.printf(
        Locale.ROOT, "%3d/%d ended=%d %s%n", sample, SAMPLES, ended, vitals.get(vitals.size() - 1));
  }
}
