package io.darkroom.bench;

import io.darkroom.Jvm;
import io.darkroom.LocalStack;
import io.darkroom.demo.DemoEnvironment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Measures whether the memory of the packaged worker grows while it always has more requests than
 * it can render.
 */
final class SoakBench {
  private static final String READY = "consuming requests";
  private static final int WAITING = 64;
  private static final int TOGETHER = 16;
  private static final int SAMPLES = 40;
  private static final double KIBI = 1024;
  private static final Pattern HEAP = Pattern.compile("heap +total \\d+K, used (\\d+)K");
  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

  private final Path worker;
  private final Duration duration;
  private final Path folder;
  private int published;

  SoakBench(Path worker, Duration duration, Path folder) {
    this.worker = worker;
    this.duration = duration;
    this.folder = folder;
  }

  List<SoakFigure> measure() throws Exception {
    Files.createDirectories(folder);
    List<SoakFigure> figures = new ArrayList<>();
    try (LocalStack stack = LocalStack.start(folder.resolve("stack"));
        RequestPublisher line =
            new RequestPublisher(
                stack.kafka().bootstrapServers(), "darkroom.requests", "darkroom.events");
        Child child = start(stack)) {
      child.reached(READY);
      long begin = System.nanoTime();
      publish(line, WAITING);
      long done = 0;
      for (int sample = 1; sample <= SAMPLES; sample++) {
        long next = begin + duration.toNanos() * sample / SAMPLES;
        while (System.nanoTime() < next) {
          line.await(TOGETHER);
          done += TOGETHER;
          publish(line, TOGETHER);
        }
        double minutes = (System.nanoTime() - begin) / 6e10;
        figures.add(new SoakFigure(minutes, (int) done, heap(child.pid()), resident(child.pid())));
      }
    }
    return figures;
  }

  /** Returns the growth over the second half by a fitted line, as a share of the mean. */
  static double growth(List<SoakFigure> figures, ToDoubleFunction<SoakFigure> memory) {
    List<SoakFigure> later = figures.subList(figures.size() / 2, figures.size());
    double time = later.stream().mapToDouble(SoakFigure::minutes).average().orElse(0);
    double mean = later.stream().mapToDouble(memory).average().orElse(0);
    double together = 0;
    double squares = 0;
    for (SoakFigure figure : later) {
      double off = figure.minutes() - time;
      together += off * (memory.applyAsDouble(figure) - mean);
      squares += off * off;
    }
    double span = later.get(later.size() - 1).minutes() - later.get(0).minutes();
    return span * together / squares / mean;
  }

  private Child start(LocalStack stack) throws IOException {
    List<String> arguments =
        List.of(
            "-Djava.awt.headless=true",
            "-Xmx256m",
            "-jar",
            worker.resolve("quarkus-run.jar").toString());
    Map<String, String> environment =
        new DemoEnvironment(stack, 0).environment(MeasuredPackage.EMOJI_32.folder().toString());
    return Child.start(arguments, environment, folder.resolve("worker.log"), List.of(READY));
  }

  private void publish(RequestPublisher line, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      String id = "soak-" + published++;
      line.publish(
          id,
          """
          {"id": "%s", "kind": "generate", "model": "emoji-32", "class_label": "fox-face",
           "scheduler": {"_class_name": "euler_a"}, "num_inference_steps": 5}
          """
              .formatted(id));
    }
    line.flush();
  }

  private static double heap(long pid) throws Exception {
    jcmd(pid, "GC.run");
    return kibibytes(HEAP, jcmd(pid, "GC.heap_info")) / KIBI;
  }

  /** Returns the resident memory of a process in MiB. */
  static double resident(long pid) throws IOException {
    return kibibytes(RESIDENT, Files.readString(Path.of("/proc/" + pid + "/status"))) / KIBI;
  }

  private static double kibibytes(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw new IllegalStateException(pattern + " is not in: " + text);
    }
    return Double.parseDouble(matcher.group(1));
  }

  private static String jcmd(long pid, String command) throws Exception {
    String program = Jvm.program("jcmd");
    Process process = new ProcessBuilder(program, Long.toString(pid), command).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return text;
  }
}
