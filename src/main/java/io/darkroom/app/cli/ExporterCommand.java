package io.darkroom.app.cli;

import io.darkroom.app.Configured;
import io.darkroom.app.DarkroomConfig;
import io.darkroom.app.Version;
import io.darkroom.app.fleet.BacklogPage;
import io.darkroom.app.fleet.MetricsServer;
import io.darkroom.app.fleet.RequestCosts;
import io.darkroom.app.fleet.RowTimes;
import io.darkroom.app.fleet.TraceRecorder;
import io.darkroom.app.models.ModelSource;
import io.darkroom.http.TlsFiles;
import io.darkroom.json.RequestCodec;
import io.darkroom.kafka.Backlog;
import io.darkroom.kafka.Consumption;
import io.darkroom.kafka.RequestHistory;
import io.darkroom.kafka.TopicBacklog;
import io.darkroom.model.ModelCard;
import io.darkroom.onnx.PackageCatalog;
import io.darkroom.plan.Planner;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Exports the backlog of a fleet, in device seconds, for the autoscaler. */
@Command(
    name = "exporter",
    description = {
      "Serves the backlog of the topic of requests at /metrics, for an autoscaler: device seconds,"
          + " requests and age of the oldest, by model. Reads requests without consuming them.",
      "The time of a row comes from --millis-per-row, or from workers by way of --prometheus, or"
          + " from the known answers of the package, for the slowest of their devices. The last two"
          + " are read again every 30 s."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "1:the port is taken, a folder cannot be read, or the certificate is unusable",
      "2:invalid arguments"
    })
final class ExporterCommand implements Callable<Integer> {
  private static final String CLIENT = "darkroom-exporter";
  private static final Clock CLOCK = Clock.systemUTC();

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "9404",
      description = "Port of the metrics. Default: ${DEFAULT-VALUE}.")
  private int port;

  @Option(
      names = "--tls-certificate",
      paramLabel = "FILE",
      description = "PEM file of the certificate chain: serves HTTPS instead of HTTP.")
  private @Nullable Path tlsCertificate;

  @Option(
      names = "--tls-key",
      paramLabel = "FILE",
      description = "PEM file of the certificate's private key (PKCS #8, without a password).")
  private @Nullable Path tlsKey;

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
      names = "--prometheus",
      paramLabel = "URL",
      description = "Prometheus that scrapes the workers, for the times of rows they measured.")
  private @Nullable URI prometheus;

  @Option(
      names = "--trace",
      paramLabel = "FILE",
      description =
          "Writes all requests that the topics still have as a trace for simulate, and ends.")
  private @Nullable Path trace;

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
    check();
    Optional<TlsFiles> tls = tls();
    LocalConfig config = LocalConfig.open();
    DarkroomConfig worker = config.worker();
    PackageCatalog catalog =
        LocalModels.read(models.isEmpty() ? worker.models() : models, worker, terminal);
    RowTimes times = ExporterRowTimes.of(millisPerRow, prometheus, catalog, worker, terminal);
    RequestCosts costs = costs(catalog, times, worker);
    if (trace != null) {
      record(trace, config, costs, terminal);
      return 0;
    }
    try (TopicBacklog requests = backlog(config, CLIENT, requests(worker.kafka()), costs);
        TopicBacklog retries =
            backlog(config, CLIENT + "-retries", retries(worker.kafka()), costs);
        MetricsServer server =
            MetricsServer.start(
                port,
                tls,
                () -> {
                  times.refresh();
                  Backlog all = requests.read().plus(retries.read());
                  return BacklogPage.of(all, catalog.packages().keySet(), CLOCK.instant());
                },
                failure -> terminal.complain(String.valueOf(failure.getMessage())))) {
      terminal.out().println("metrics at port " + server.port());
      terminal.out().flush();
      new CountDownLatch(1).await(); // until a signal ends the process
      return 0;
    }
  }

  private void check() {
    OptionCheck.atLeastOne(spec, "--look-ahead", lookAhead);
    OptionCheck.writableFile(spec, "--trace", trace);
    millisPerRow.forEach(
        (name, millis) -> {
          if (!(millis > 0)) {
            throw OptionCheck.refused(
                spec, "--millis-per-row: must be above 0, is " + millis + " for " + name);
          }
        });
    if (prometheus != null && !String.valueOf(prometheus.getScheme()).matches("https?")) {
      throw OptionCheck.refused(
          spec, "--prometheus: must be an address of http or https, is " + prometheus);
    }
  }

  private Optional<TlsFiles> tls() {
    try {
      return TlsFiles.of(Optional.ofNullable(tlsCertificate), Optional.ofNullable(tlsKey));
    } catch (IllegalArgumentException incomplete) {
      throw OptionCheck.refused(spec, "--tls-certificate, --tls-key: " + incomplete.getMessage());
    }
  }

  private static void record(Path file, LocalConfig config, RequestCosts costs, Terminal terminal)
      throws IOException {
    TraceRecorder recorder = new TraceRecorder();
    List<String> topics = config.worker().kafka().requestsTopics();
    try {
      RequestHistory.read(config.broker(), topics, costs, CLOCK, recorder::add);
    } catch (KafkaException e) {
      throw new IOException(e.getMessage(), e);
    }
    recorder.write(file);
    terminal
        .out()
        .printf("%s: %d requests, %d left out%n", file, recorder.count(), recorder.leftOut());
  }

  private static TopicBacklog.Waiting requests(DarkroomConfig.Kafka kafka) {
    return new TopicBacklog.Waiting(
        kafka.requestsTopics(), kafka.group(), kafka.consumption(), false);
  }

  /** Workers read the topic of retries in a consumer group, however they consume requests. */
  private static TopicBacklog.Waiting retries(DarkroomConfig.Kafka kafka) {
    return new TopicBacklog.Waiting(
        List.of(kafka.retriesTopic()),
        kafka.group() + "-retries",
        Consumption.CONSUMER_GROUP,
        true);
  }

  private TopicBacklog backlog(
      LocalConfig config, String clientId, TopicBacklog.Waiting waiting, RequestCosts costs) {
    return new TopicBacklog(config.broker(), clientId, waiting, lookAhead, costs, CLOCK);
  }

  private static RequestCosts costs(PackageCatalog catalog, RowTimes times, DarkroomConfig config) {
    Map<String, ModelCard> cards = new TreeMap<>();
    catalog.packages().forEach((name, pack) -> cards.put(name, pack.card()));
    return new RequestCosts(
        new RequestCodec(config.limits().requestBytes()),
        new Planner(Configured.requestLimits(config)),
        cards,
        times::of);
  }
}
