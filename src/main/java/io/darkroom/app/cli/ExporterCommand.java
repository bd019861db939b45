package io.darkroom.app.cli;

import io.darkroom.app.Configured;
import io.darkroom.app.DarkroomConfig;
import io.darkroom.app.Version;
import io.darkroom.app.fleet.BacklogPage;
import io.darkroom.app.fleet.MetricsServer;
import io.darkroom.app.fleet.RequestCosts;
import io.darkroom.app.models.ModelSource;
import io.darkroom.json.RequestCodec;
import io.darkroom.kafka.TopicBacklog;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.ModelCard;
import io.darkroom.onnx.KnownAnswers;
import io.darkroom.onnx.ModelPackage;
import io.darkroom.onnx.PackageCatalog;
import io.darkroom.plan.Planner;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Exports the backlog of a fleet, in device seconds, for the autoscaler. */
@Command(
    name = "exporter",
    description = {
      "Serves the backlog of the topic of requests at /metrics, for an autoscaler: device seconds,"
          + " requests and age of the oldest, by model. Reads requests without consuming them.",
      "The time of a row comes from --millis-per-row, or from the known answers of the package"
          + " (selftest --write), for the slowest of their devices."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"1:the port is taken, or a folder cannot be read", "2:invalid arguments"})
final class ExporterCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "9404",
      description = "Port of the metrics. Default: ${DEFAULT-VALUE}.")
  private int port;

  @Option(
      names = "--models",
      split = ",",
      paramLabel = "PLACE",
      converter = ModelSourceOption.class,
      description = {
        "Folders of model packages, or packages, or s3://bucket/prefix/ of packages.",
        "Default: darkroom.models (models)."
      })
  private List<ModelSource> models = List.of();

  @Option(
      names = "--millis-per-row",
      paramLabel = "NAME=MS",
      description = "Milliseconds per row of a package. May be repeated.")
  private Map<String, Double> millisPerRow = Map.of();

  @Option(
      names = "--look-ahead",
      paramLabel = "N",
      defaultValue = "1000",
      description =
          "Waiting requests of a partition that are read; the rest are assumed to be similar."
              + " Default: ${DEFAULT-VALUE}.")
  private int lookAhead;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Terminal terminal = Terminal.of(spec);
    OptionCheck.atLeastOne(spec, "--look-ahead", lookAhead);
    millisPerRow.forEach(
        (name, millis) ->
            check(millis > 0, "--millis-per-row: must be above 0, is " + millis + " for " + name));
    LocalConfig config = LocalConfig.open();
    PackageCatalog catalog =
        LocalModels.read(
            models.isEmpty() ? config.worker().models() : models, config.worker(), terminal);
    Map<String, Double> millis = millis(catalog, config.worker(), terminal);
    try (TopicBacklog backlog = backlog(config, costs(catalog, millis, config.worker()));
        MetricsServer server = serve(backlog, catalog, terminal)) {
      terminal.out().println("metrics at port " + server.port());
      terminal.out().flush();
      new CountDownLatch(1).await(); // until a signal ends the process
      return 0;
    }
  }

  private MetricsServer serve(TopicBacklog backlog, PackageCatalog catalog, Terminal terminal)
      throws IOException {
    Clock clock = Clock.systemUTC();
    return MetricsServer.start(
        port,
        () -> BacklogPage.of(backlog.read(), catalog.packages().keySet(), clock.instant()),
        failure -> terminal.complain(String.valueOf(failure.getMessage())));
  }

  private TopicBacklog backlog(LocalConfig config, RequestCosts costs) {
    DarkroomConfig.Kafka kafka = config.worker().kafka();
    return new TopicBacklog(
        config.broker(),
        kafka.requestsTopics(),
        kafka.group(),
        lookAhead,
        costs,
        Clock.systemUTC());
  }

  private static RequestCosts costs(
      PackageCatalog catalog, Map<String, Double> millis, DarkroomConfig config) {
    Map<String, ModelCard> cards = new TreeMap<>();
    catalog.packages().forEach((name, pack) -> cards.put(name, pack.card()));
    return new RequestCosts(
        new RequestCodec(config.limits().requestBytes()),
        new Planner(Configured.requestLimits(config)),
        cards,
        millis);
  }

  private Map<String, Double> millis(
      PackageCatalog catalog, DarkroomConfig config, Terminal terminal) throws IOException {
    KnownAnswers known = Configured.opening(config).known();
    Map<String, Double> millis = new TreeMap<>();
    for (ModelPackage pack : catalog.packages().values()) {
      String name = pack.card().name();
      double slowest = slowest(known, pack);
      double chosen = millisPerRow.getOrDefault(name, slowest);
      if (chosen > 0) {
        millis.put(name, chosen);
        terminal.out().println(name + ": " + chosen + " ms per row");
      } else {
        terminal.complain(name + ": the time of a row is not known; set --millis-per-row " + name);
      }
    }
    return millis;
  }

  private static double slowest(KnownAnswers known, ModelPackage pack) throws IOException {
    try {
      return known.profiles(pack).stream()
          .mapToDouble(profile -> profile.millisPerRow())
          .max()
          .orElse(0);
    } catch (BrokenPackage damaged) {
      throw new IOException(message(damaged), damaged);
    }
  }

  private static String message(BrokenPackage broken) {
    return String.valueOf(broken.getMessage());
  }

  private void check(boolean kept, String rule) {
    if (!kept && spec != null) {
      throw new ParameterException(spec.commandLine(), rule);
    }
  }
}
