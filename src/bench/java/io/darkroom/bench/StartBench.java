package io.darkroom.bench;

import io.darkroom.LocalStack;
import io.darkroom.demo.DemoEnvironment;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Measures the time from the start of a worker's process to its first picture, with broker and
 * store running and the request in the topic, compared with an empty application with the same
 * extensions; both with and without an archive of their classes; and the worker with a console.
 */
final class StartBench {
  private static final String STARTED = " started in ";
  private static final String READY = "consuming requests";
  private static final Map<String, String> CONSOLE =
      Map.of("DARKROOM_CONSOLE_ENABLED", "true", "DARKROOM_CONSOLE_PORT", "0");

  private final Programs programs;
  private final int rounds;
  private final Path folder;

  /**
   * The programs that are started.
   *
   * @param worker its {@code quarkus-app}
   * @param bare the same of the empty application; left out if it is missing
   */
  record Programs(Path worker, Path bare) {
    private static final String WORKER = "io.darkroom.app.cli.Main";
    private static final String BARE = "io.quarkus.runner.GeneratedMain";
  }

  /** A way to start a program. */
  private record Way(
      String label, Path app, boolean renders, boolean console, List<String> arguments) {

    Way with(String option) {
      List<String> more = Stream.concat(Stream.of(option), arguments.stream()).toList();
      return new Way(label, app, renders, console, more);
    }

    Way withConsole() {
      return new Way(label + ", console", app, renders, true, arguments);
    }
  }

  /** Seconds of one start. */
  private record Times(
      double started,
      double startedCpu,
      double ready,
      double picture,
      double pictureCpu,
      double resident) {}

  StartBench(Programs programs, MeasuringTime measuringTime, Path folder) {
    this.programs = programs;
    this.rounds = Math.min(measuringTime.rounds(), 5);
    this.folder = folder;
  }

  List<StartFigure> measure() throws Exception {
    Files.createDirectories(folder);
    Map<Way, List<Times>> times = new LinkedHashMap<>();
    try (LocalStack stack = LocalStack.start(folder.resolve("stack"))) {
      for (Way way : ways(stack)) {
        time(stack, way, "warm-up");
        times.put(way, new ArrayList<>());
      }
      for (int round = 0; round < rounds; round++) {
        for (Map.Entry<Way, List<Times>> entry : times.entrySet()) {
          entry.getValue().add(time(stack, entry.getKey(), "start-" + round));
        }
      }
    }
    return times.entrySet().stream().map(e -> figure(e.getKey(), e.getValue())).toList();
  }

  private List<Way> ways(LocalStack stack) throws Exception {
    List<Way> ways = new ArrayList<>();
    if (Files.exists(programs.bare())) {
      ways.addAll(ways(stack, "bare Quarkus", programs.bare(), false));
    }
    List<Way> worker = ways(stack, "worker", programs.worker(), true);
    ways.addAll(worker);
    ways.add(worker.get(0).withConsole());
    return ways;
  }

  /** As packaged; with an archive of the JDK's classes; with an archive of all classes. */
  private List<Way> ways(LocalStack stack, String label, Path app, boolean renders)
      throws Exception {
    List<String> packaged = List.of("-jar", app.resolve("quarkus-run.jar").toString());
    List<String> flat = List.of("-cp", classPath(app), renders ? Programs.WORKER : Programs.BARE);
    Way plain = new Way(label, app, renders, false, packaged);
    Way archived = new Way(label + ", archive", app, renders, false, packaged);
    Way flattened = new Way(label + ", class path, archive", app, renders, false, flat);
    return List.of(plain, withArchive(stack, archived), withArchive(stack, flattened));
  }

  private static String classPath(Path app) throws IOException {
    List<Path> jars = new ArrayList<>();
    for (String part : List.of("app", "quarkus", "lib/boot", "lib/main")) {
      try (Stream<Path> files = Files.list(app.resolve(part))) {
        files.filter(file -> file.toString().endsWith(".jar")).sorted().forEach(jars::add);
      }
    }
    return jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }

  /** Returns the same way with an archive that a first run writes at its end. */
  private Way withArchive(LocalStack stack, Way way) throws Exception {
    Path archive = folder.resolve(way.label().replaceAll("\\W+", "-") + ".jsa");
    Files.deleteIfExists(archive);
    time(stack, way.with("-XX:ArchiveClassesAtExit=" + archive), "archive");
    return way.with("-XX:SharedArchiveFile=" + archive);
  }

  private Times time(LocalStack stack, Way way, String run) throws Exception {
    String servers = stack.kafka().bootstrapServers();
    Path log = folder.resolve(way.label().replaceAll("\\W+", "-") + "-" + run + ".log");
    Map<String, String> environment =
        new HashMap<>(
            new DemoEnvironment(stack, 0)
                .environment(MeasuredPackage.EMOJI_32.folder().toString()));
    if (way.console()) {
      environment.putAll(CONSOLE);
    }
    List<String> arguments = way.with("-Djava.awt.headless=true").arguments();
    try (RequestPublisher line =
        new RequestPublisher(servers, "darkroom.requests", "darkroom.events")) {
      if (way.renders()) {
        String id = "start-" + System.nanoTime();
        line.publish(id, request(id));
        line.flush();
      }
      try (Child child = Child.start(arguments, environment, log, List.of(STARTED, READY))) {
        double started = seconds(child.reached(STARTED));
        double startedCpu = seconds(child.cpu());
        if (!way.renders()) {
          return new Times(started, startedCpu, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
        }
        line.await(1);
        double picture = seconds(child.sinceStart());
        double pictureCpu = seconds(child.cpu());
        double ready = seconds(child.reached(READY));
        double resident = SoakBench.resident(child.pid());
        return new Times(started, startedCpu, ready, picture, pictureCpu, resident);
      }
    }
  }

  private static String request(String id) {
    return """
        {"id": "%s", "kind": "generate", "model": "emoji-32", "class_label": "fox-face",
         "num_inference_steps": 10, "seed": 1}
        """
        .formatted(id);
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  private static StartFigure figure(Way way, List<Times> times) {
    return new StartFigure(
        way.label(),
        times.size(),
        median(times, Times::started).orElseThrow(),
        median(times, Times::startedCpu).orElseThrow(),
        median(times, Times::ready),
        median(times, Times::picture),
        median(times, Times::pictureCpu),
        median(times, Times::resident));
  }

  private static OptionalDouble median(List<Times> times, Function<Times, Double> part) {
    double median = Meter.median(times.stream().mapToDouble(part::apply).toArray());
    return Double.isNaN(median) ? OptionalDouble.empty() : OptionalDouble.of(median);
  }
}
