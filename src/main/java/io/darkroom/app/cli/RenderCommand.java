package io.darkroom.app.cli;

import io.darkroom.app.DarkroomConfig;
import io.darkroom.app.Version;
import io.darkroom.render.Delivery;
import io.darkroom.render.RenderPipeline;
import io.darkroom.render.Settlement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Renders request files as a worker does, without broker and store. */
@Command(
    name = "render",
    description = {
      "Renders request files into a folder, in one batch, as a worker does.",
      "The object s3://bucket/key is the file bucket/key there, also for input images;"
          + " results of requests without a prefix are in pictures/."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:every request was completed",
      "1:a request was not completed",
      "2:invalid arguments"
    })
final class RenderCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private final ModelOptions options = new ModelOptions();

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "Requests, one JSON file each.")
  private List<Path> files = List.of();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FOLDER",
      defaultValue = "renders",
      description = "Folder of the results. Default: ${DEFAULT-VALUE}.")
  private Path output = Path.of("renders");

  @Override
  public Integer call() throws IOException, InterruptedException {
    Terminal terminal = Terminal.of(spec);
    DarkroomConfig config = LocalConfig.read();
    List<Delivery> deliveries = deliveries();
    OptionCheck.writableFolder(spec, "--output", output);
    try (LocalEngine engine = terminal.open(options, config)) {
      engine.broken().forEach(broken -> terminal.complain("not served: " + broken.getMessage()));
      List<Settlement> settled;
      try (RenderProgress progress = RenderProgress.open(terminal, files.size())) {
        LocalRender render = new LocalRender(config, engine, new FolderStore(output), progress);
        settled = together(render.pipeline(deliveries), deliveries, config);
      }
      OutcomePrinter printer = new OutcomePrinter(terminal.out(), output);
      boolean completed = true;
      for (int i = 0; i < settled.size(); i++) {
        completed &= printer.print(files.get(i), settled.get(i).outcome());
      }
      return completed ? 0 : 1;
    }
  }

  private List<Delivery> deliveries() throws IOException {
    List<Delivery> deliveries = new ArrayList<>();
    for (Path file : files) {
      if (spec != null && !Files.isRegularFile(file)) {
        throw new ParameterException(spec.commandLine(), "FILE: must be a file, is " + file);
      }
      deliveries.add(LocalRender.delivery(file, Files.readAllBytes(file), Clock.systemUTC()));
    }
    return deliveries;
  }

  private static List<Settlement> together(
      RenderPipeline pipeline, List<Delivery> deliveries, DarkroomConfig config)
      throws InterruptedException {
    int threads = Math.min(deliveries.size(), config.kafka().inFlight());
    ExecutorService workers = Executors.newFixedThreadPool(threads);
    try {
      List<Future<Settlement>> futures = new ArrayList<>();
      for (Delivery delivery : deliveries) {
        futures.add(workers.submit(() -> pipeline.settle(delivery)));
      }
      List<Settlement> settled = new ArrayList<>();
      for (Future<Settlement> future : futures) {
        settled.add(future.get());
      }
      return settled;
    } catch (ExecutionException failure) {
      throw new IllegalStateException(String.valueOf(failure.getMessage()), failure);
    } finally {
      workers.shutdownNow();
    }
  }
}
