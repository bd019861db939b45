package io.darkroom;

import io.darkroom.demo.DemoFailure;
import io.darkroom.demo.DemoRun;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.logging.FileHandler;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The product in one command: starts a broker and a store in this process and the packaged worker
 * as another process, renders a folder of requests, and shows the results. Empty options count as
 * not given.
 */
@Command(
    name = "demo",
    description = "Renders a folder of requests on a broker, a store and a worker of its own.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class Demo implements Callable<Integer> {
  private static final int KEPT_KAFKA_PORT = 19092;
  private static final int KEPT_S3_PORT = 19000;
  private static final int KEPT_HTTP_PORT = 18080;
  private static final int KEPT_CONSOLE_PORT = 18090;
  private static final String STACK = ".darkroom-stack";

  @Option(names = "--worker", required = true, description = "The packaged quarkus-run.jar.")
  private Path worker;

  @Option(names = "--models", required = true, description = "Folder of model packages.")
  private String models;

  @Option(names = "--more-models", description = "Another one, of your own.")
  private String moreModels = "";

  @Option(names = "--requests", required = true, description = "Folder of requests, *.json.")
  private Path requests;

  @Option(names = "--output", required = true, description = "Folder of what comes of them.")
  private Path output;

  @Option(
      names = "--keep",
      arity = "1",
      description = "Whether broker, store and worker go on, on fixed ports, until Ctrl-C.")
  private boolean keep;

  @Option(names = "--kafka-port", converter = Port.class, description = "Port of the broker.")
  private int kafkaPort;

  @Option(names = "--s3-port", converter = Port.class, description = "Port of the store.")
  private int s3Port;

  @Option(names = "--http-port", converter = Port.class, description = "Port of the worker.")
  private int httpPort;

  @Option(
      names = "--console-port",
      converter = Port.class,
      description = "Port of the worker's console.")
  private int consolePort;

  private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  /** Exits with 0 if all outcomes are as expected, 1 if not, 2 for unusable options. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Demo()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    try {
      run();
      return CommandLine.ExitCode.OK;
    } catch (DemoFailure | IllegalStateException e) {
      out.println();
      out.println("demo: " + e.getMessage());
      return CommandLine.ExitCode.SOFTWARE;
    }
  }

  private void run() throws Exception {
    int http = port(httpPort, KEPT_HTTP_PORT);
    String folders = moreModels.isBlank() ? models : models + "," + moreModels;
    int console = port(consolePort, KEPT_CONSOLE_PORT);
    DemoRun run =
        DemoRun.of(
            new DemoRun.Settings(worker, folders, requests, output, http, console, keep), out);
    Ports.take("worker", http);
    Ports.take("console", console);
    Path folder = output.resolve(STACK);
    delete(folder);
    logTo(Files.createDirectories(folder).resolve("stack.log"));
    try (LocalStack stack =
        LocalStack.start(folder, port(kafkaPort, KEPT_KAFKA_PORT), port(s3Port, KEPT_S3_PORT))) {
      out.printf("Kafka      %s%n", stack.kafka().bootstrapServers());
      out.printf("S3         %s, bucket %s%n", stack.s3().endpoint(), LocalStack.BUCKET);
      run.run(stack);
    }
  }

  private int port(int asked, int kept) {
    return asked == Ports.ANY && keep ? kept : asked;
  }

  /** Messages of broker and store are shown only if they fail. */
  private static void logTo(Path file) throws IOException {
    Logger root = Logger.getLogger("");
    for (Handler handler : List.of(root.getHandlers())) {
      root.removeHandler(handler);
    }
    FileHandler handler = new FileHandler(file.toString());
    handler.setFormatter(new SimpleFormatter());
    root.addHandler(handler);
    root.setLevel(Level.WARNING);
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  /** Returns a port; any free one for an empty text. */
  static final class Port implements CommandLine.ITypeConverter<Integer> {
    @Override
    public Integer convert(String value) {
      return value.isBlank() ? Ports.ANY : Integer.valueOf(value);
    }
  }
}
