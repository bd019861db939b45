package io.darkroom.app.cli;

import io.darkroom.app.Configured;
import io.darkroom.app.DarkroomConfig;
import io.darkroom.app.Version;
import io.darkroom.plan.Planner;
import io.darkroom.replay.ManifestFinder;
import io.darkroom.replay.ReplayReport;
import io.darkroom.replay.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Renders recorded requests again and compares the results. */
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
      "1:a result is different, no request was selected, an id was not found, or the replay"
          + " failed",
      "2:invalid arguments",
      "3:a request cannot be replayed, and no result is different"
    })
final class ReplayCommand implements Callable<Integer> {
  private static final int NOT_REPLAYABLE = 3;

  @Spec private @Nullable CommandSpec spec;
  @Mixin private final ModelOptions options = new ModelOptions();
  @Mixin private final ReplayFolders folders = new ReplayFolders();
  @Mixin private final ReplaySelection selection = new ReplaySelection();

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Writes the findings as JSON (schemas/replay-report.schema.json).")
  private @Nullable Path report;

  @Option(
      names = "--requests-per-minute",
      paramLabel = "N",
      description = "Maximum number of requests that start in a minute. Default: no limit.")
  private @Nullable Integer perMinute;

  @Option(
      names = "--dry-run",
      description = "Prints what would be rendered and an estimate of the device time.")
  private boolean dryRun;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Terminal terminal = Terminal.of(spec);
    check();
    LocalConfig config = LocalConfig.open();
    try (LocalEngine engine = terminal.open(options, config.worker());
        Originals from = Originals.open(config.worker(), folders.originals())) {
      engine.broken().forEach(broken -> terminal.complain("not served: " + broken.getMessage()));
      ManifestFinder finder = LocalReplay.finder(config.worker(), from);
      if (dryRun) {
        Planner planner = new Planner(Configured.requestLimits(config.worker()));
        ReplayCosts costs = new ReplayCosts(engine.models(), planner);
        boolean complete = selection.forEach(terminal, config, from, finder, costs);
        terminal.out().println(costs.table());
        return complete ? 0 : 1;
      }
      ReplayReport findings = new ReplayReport();
      ReplayRun run = run(terminal, config.worker(), engine, from, findings);
      boolean complete;
      try {
        complete = selection.forEach(terminal, config, from, finder, run);
      } finally {
        run.finish();
      }
      print(terminal, findings);
      return complete ? status(findings) : 1;
    }
  }

  /** Returns the exit status of the worst verdict. */
  private static int status(ReplayReport findings) {
    if (findings.reproduced()) {
      return 0;
    }
    return findings.worst().equals(Optional.of(Verdict.NOT_REPLAYABLE)) ? NOT_REPLAYABLE : 1;
  }

  private void check() {
    selection.check();
    if (perMinute != null) {
      OptionCheck.atLeastOne(spec, "--requests-per-minute", perMinute);
    }
    OptionCheck.writableFile(spec, "--report", report);
    if (!dryRun) {
      folders.createOutput();
      selection.manifests().ifPresent(folders::refuseOver);
    }
  }

  private ReplayRun run(
      Terminal terminal,
      DarkroomConfig config,
      LocalEngine engine,
      Originals from,
      ReplayReport findings) {
    return new ReplayRun(
        LocalReplay.replayer(config, engine, from, folders.output()),
        findings,
        terminal,
        config.kafka().inFlight(),
        Pace.of(perMinute));
  }

  private void print(Terminal terminal, ReplayReport findings) throws IOException {
    if (report != null) {
      Files.writeString(report, findings.json());
    }
    terminal.out().println(ReplayTable.of(findings));
  }
}
