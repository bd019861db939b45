package io.darkroom.app.cli;

import io.darkroom.app.Configured;
import io.darkroom.app.DarkroomConfig;
import io.darkroom.app.Version;
import io.darkroom.app.models.ModelSource;
import io.darkroom.console.Console;
import io.darkroom.console.ConsoleSettings;
import io.darkroom.console.ModelFacts;
import io.darkroom.console.Vitals;
import io.darkroom.json.RequestCodec;
import io.darkroom.onnx.PackageCatalog;
import io.darkroom.render.ObjectUri;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Serves the console without a worker. */
@Command(
    name = "console",
    description = {
      "Serves the console: running requests, results and failures of all workers, read only from"
          + " the topics and the store. The keys darkroom.console.* apply."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "1:the port is taken, the token is missing, or a public key or the certificate is unusable",
      "2:invalid arguments"
    })
final class ConsoleCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "Port of the console; 0: any. Default: darkroom.console.port (8090).")
  private @Nullable Integer port;

  @Option(
      names = "--submit",
      description = "Lets readers publish requests. Default: darkroom.console.submit (false).")
  private boolean submit;

  @Option(
      names = "--models",
      split = ",",
      paramLabel = "PLACE",
      converter = ModelSourceOption.class,
      description =
          "Folders or s3://bucket/prefix/ of model packages that the form offers. Default: none.")
  private List<ModelSource> models = List.of();

  @Override
  public Integer call() throws IOException, InterruptedException {
    Terminal terminal = Terminal.of(spec);
    LocalConfig config = LocalConfig.open();
    DarkroomConfig worker = config.worker();
    try (Originals from = Originals.open(worker, null);
        Console console = open(config, from, vitals(worker, terminal))) {
      terminal.out().println("console at " + console.address());
      terminal.out().flush();
      new CountDownLatch(1).await(); // until a signal ends the process
      return 0;
    } catch (IllegalArgumentException unsafe) {
      throw new IOException(unsafe.getMessage(), unsafe);
    }
  }

  private Console open(LocalConfig config, Originals from, Vitals vitals) throws IOException {
    DarkroomConfig worker = config.worker();
    return Console.open(
        settings(Configured.console(worker)),
        new Console.Sources(
            config.broker(),
            Configured.topics(worker.kafka()),
            worker.kafka().group(),
            worker.kafka().consumption(),
            from.store(),
            ObjectUri.parse(worker.output().prefix()),
            new RequestCodec(worker.limits().requestBytes()),
            vitals,
            Version.number()),
        Clock.systemUTC());
  }

  private ConsoleSettings settings(ConsoleSettings configured) {
    return new ConsoleSettings(
        configured.address(),
        port == null ? configured.port() : port,
        configured.tls(),
        submit || configured.submit(),
        configured.token(),
        configured.buckets(),
        configured.lookBack(),
        configured.results(),
        configured.publicKeys());
  }

  private Vitals vitals(DarkroomConfig worker, Terminal terminal) throws IOException {
    if (models.isEmpty()) {
      return Vitals.NONE;
    }
    PackageCatalog catalog = LocalModels.read(models, worker, terminal);
    return new CatalogVitals(
        catalog.packages().values().stream().map(each -> ModelFacts.tree(each.card())).toList());
  }

  /** Vitals without a worker: only the packages are known. */
  private record CatalogVitals(List<Map<String, Object>> models) implements Vitals {
    @Override
    public OptionalLong calls() {
      return OptionalLong.empty();
    }

    @Override
    public long rows() {
      return 0;
    }

    @Override
    public Map<String, Double> backlogSeconds() {
      return Map.of();
    }
  }
}
