package io.darkroom.app.cli;

import io.darkroom.app.DarkroomConfig;
import io.darkroom.app.Version;
import io.darkroom.json.RequestCodec;
import io.darkroom.render.ObjectUri;
import io.darkroom.replay.ManifestFinder;
import io.darkroom.replay.ReplayReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Renders recorded requests again and compares. */
@Command(
    name = "replay",
    description = {
      "Renders the requests of a topic, or those of stored manifests, again and compares the"
          + " results with the stored ones.",
      "Stored results, offsets and events of workers are not changed. Deadlines and cancellations"
          + " are ignored. A replay that is started again with the same output continues."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:every request was reproduced",
      "1:a result is different, or a request cannot be replayed",
      "2:invalid arguments"
    })
final class ReplayCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private final ModelOptions options = new ModelOptions();
  @Mixin private final ReplaySelection selection = new ReplaySelection();

  @Option(
      names = "--store",
      paramLabel = "FOLDER",
      description =
          "Folder with stored results, as `render` writes it. Default: the store of the"
              + " configuration (darkroom.s3.*).")
  private @Nullable Path originals;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FOLDER",
      defaultValue = "replays",
      description = "Folder of the new results. Default: ${DEFAULT-VALUE}.")
  private Path output = Path.of("replays");

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Writes the findings as JSON (schemas/replay-report.schema.json).")
  private @Nullable Path report;

  @Option(
      names = "--requests-per-minute",
      paramLabel = "N",
      description = "Starts at most so many requests per minute. Default: no limit.")
  private @Nullable Integer perMinute;

  @Option(
      names = "--dry-run",
      description = "Prints what would be rendered and an estimate of the device time.")
  private boolean dryRun;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Terminal terminal = Terminal.of(spec);
    LocalConfig config = LocalConfig.open();
    try (LocalEngine engine = terminal.open(options, config.worker());
        Originals from = Originals.open(config.worker(), originals)) {
      engine.broken().forEach(broken -> terminal.complain("not served: " + broken.getMessage()));
      ManifestFinder finder = finder(config.worker(), from);
      if (dryRun) {
        ReplayCosts costs = new ReplayCosts(engine.models());
        selection.forEach(config, from, finder, costs);
        terminal.out().println(costs.table());
        return 0;
      }
      ReplayReport findings = new ReplayReport();
      ReplayRun run = run(terminal, config.worker(), engine, from, findings);
      try {
        selection.forEach(config, from, finder, run);
      } finally {
        run.finish();
      }
      return print(terminal, findings);
    }
  }

  private ManifestFinder finder(DarkroomConfig config, Originals from) {
    ObjectUri prefix =
        originals == null ? ObjectUri.parse(config.output().prefix()) : LocalRender.PREFIX;
    return new ManifestFinder(
        from.store(), prefix, new RequestCodec(config.limits().requestBytes()));
  }

  private ReplayRun run(
      Terminal terminal,
      DarkroomConfig config,
      LocalEngine engine,
      Originals from,
      ReplayReport findings) {
    return new ReplayRun(
        LocalReplay.replayer(config, engine, from, output),
        findings,
        terminal,
        config.kafka().inFlight(),
        perMinute);
  }

  private int print(Terminal terminal, ReplayReport findings) throws IOException {
    if (report != null) {
      Files.writeString(report, findings.json());
    }
    terminal.out().println(ReplayTable.of(findings));
    return findings.reproduced() ? 0 : 1;
  }
}
