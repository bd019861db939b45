package io.darkroom.demo;

import io.darkroom.LocalStack;
import io.darkroom.s3.S3Clients;
import io.darkroom.s3.S3ObjectStore;
import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import software.amazon.awssdk.services.s3.S3Client;

/** The demo on a running {@link LocalStack}: a worker renders, and its results are shown. */
public final class DemoRun {
  private static final Duration SILENCE = Duration.ofMinutes(3);
  private static final int TAIL = 40;

  private final Settings settings;
  private final List<Example> examples;
  private final PrintStream out;

  /**
   * Settings of the demo.
   *
   * @param worker the packaged worker
   * @param models folders of model packages, with commas
   * @param requests the folder of requests
   * @param output the folder of the results
   * @param httpPort of the worker, 0 = any
   * @param consolePort of its console, which runs if {@code keep}
   * @param keep whether everything keeps running afterwards
   */
  public record Settings(
      Path worker,
      String models,
      Path requests,
      Path output,
      int httpPort,
      int consolePort,
      boolean keep) {}

  private DemoRun(Settings settings, List<Example> examples, PrintStream out) {
    this.settings = settings;
    this.examples = examples;
    this.out = out;
  }

  /**
   * Creates a run that prints to {@code out}.
   *
   * @throws DemoFailure if there is no worker or no request
   */
  public static DemoRun of(Settings settings, PrintStream out) throws IOException {
    WorkerProcess.check(settings.worker());
    return new DemoRun(settings, Example.read(settings.requests()), out);
  }

  /**
   * Renders and shows the results; with {@code keep} it continues until the worker ends.
   *
   * @throws DemoFailure if an outcome is not as expected
   */
  public void run(LocalStack stack) throws IOException, InterruptedException {
    DemoEnvironment demoEnvironment = new DemoEnvironment(stack, settings.httpPort());
    Path log = settings.output().resolve("worker.log");
    Map<String, String> environment =
        settings.keep()
            ? demoEnvironment.environment(settings.models(), settings.consolePort())
            : demoEnvironment.environment(settings.models());
    try (WorkerProcess worker = WorkerProcess.start(settings.worker(), environment, log)) {
      Thread last = new Thread(worker::close);
      Runtime.getRuntime().addShutdownHook(last);
      out.printf("Worker     started, its log is %s%n%n", log);
      List<String> problems = render(stack, worker);
      if (settings.keep()) {
        problems.forEach(out::println);
        out.println(demoEnvironment.howTo(settings.consolePort()));
        worker.await();
        worker.check();
      }
      conclude(problems);
      Runtime.getRuntime().removeShutdownHook(last);
    }
  }

  private List<String> render(LocalStack stack, WorkerProcess worker) throws IOException {
    long begin = System.nanoTime();
    Map<String, Notice> ended;
    try (KafkaLine line = new KafkaLine(stack.kafka().bootstrapServers());
        Display display = display(examples.size())) {
      ended =
          new DemoSession(line, display, worker::check, System::nanoTime).run(examples, SILENCE);
    } catch (DemoFailure e) {
      if (!worker.alive()) {
        worker.tail(TAIL).forEach(out::println);
      }
      throw e;
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    List<String> problems = new ArrayList<>(Verdict.of(examples, ended));
    try (S3Client client = S3Clients.open(stack.s3().settings())) {
      Gallery gallery = new Gallery(new S3ObjectStore(client), settings.output());
      Map<Picture, Path> files = gallery.fetch(ended);
      show(ended, files, seconds);
      problems.addAll(gallery.problems());
    }
    return problems;
  }

  private void show(Map<String, Notice> ended, Map<Picture, Path> files, double seconds)
      throws IOException {
    if (!files.isEmpty()) {
      out.println();
      out.println(Tables.pictures(List.copyOf(files.keySet())));
    }
    String refusals = Tables.refusals(ended);
    if (!refusals.isEmpty()) {
      out.println();
      out.println(refusals);
    }
    out.println();
    out.printf(
        Locale.ROOT,
        "requests: %d, results: %d, in %.1f s from the worker's start%n",
        ended.size(),
        files.size(),
        seconds);
    sheet(files).ifPresent(sheet -> out.println("Sheet      " + sheet));
    out.println("Results    " + settings.output() + ", with their manifests");
  }

  private Optional<Path> sheet(Map<Picture, Path> files) throws IOException {
    List<ContactSheet.Entry> entries = new ArrayList<>();
    for (Map.Entry<Picture, Path> entry : files.entrySet()) {
      Picture picture = entry.getKey();
      Thumbnail.of(entry.getValue(), picture.mediaType(), ContactSheet.CELL)
          .ifPresent(thumbnail -> entries.add(ContactSheet.Entry.of(picture, thumbnail)));
    }
    if (entries.isEmpty()) {
      return Optional.empty();
    }
    String models =
        String.join(", ", files.keySet().stream().map(Picture::model).distinct().toList());
    String subtitle = entries.size() + " results by " + models;
    Path file = settings.output().resolve("contact-sheet.png");
    ImageIO.write(ContactSheet.draw("Darkroom", subtitle, entries), "png", file.toFile());
    return Optional.of(file);
  }

  private Display display(int requests) {
    return onTerminal() ? new BarDisplay(out, requests) : new LineDisplay(out);
  }

  @SuppressWarnings(
      "SystemConsoleNull") // since JDK 22 there always is a console, which can be queried
  private static boolean onTerminal() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException before22) {
      return true;
    }
  }

  private static void conclude(List<String> problems) {
    if (!problems.isEmpty()) {
      String more = problems.size() == 1 ? "" : " (and " + (problems.size() - 1) + " more)";
      throw new DemoFailure(problems.get(0) + more);
    }
  }
}
