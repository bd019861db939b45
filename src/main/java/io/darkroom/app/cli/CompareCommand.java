package io.darkroom.app.cli;

import io.darkroom.app.Configured;
import io.darkroom.app.DarkroomConfig;
import io.darkroom.app.Version;
import io.darkroom.render.ObjectStore;
import io.darkroom.replay.Finding;
import io.darkroom.replay.ManifestFinder;
import io.darkroom.replay.Recorded;
import io.darkroom.replay.ReplayReport;
import io.darkroom.replay.Replayed;
import io.darkroom.replay.Replayer;
import io.darkroom.replay.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Renders a sample of recorded requests again and shows how much the results change. */
@Command(
    name = "compare",
    description = {
      "Renders a sample of recorded requests with this program, this device and these packages,"
          + " and shows how many results change and by how much.",
      "For decisions about upgrades: another ONNX Runtime, driver, GPU, number of threads or"
          + " package. The selection is that of `replay`.",
      "Also compares the outputs of the networks with the known answers of all devices."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:every result of the sample was reproduced",
      "1:a result changes, a request cannot be rendered again, or none was selected",
      "2:invalid arguments"
    })
final class CompareCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private final ModelOptions options = new ModelOptions();
  @Mixin private final ReplayFolders folders = new ReplayFolders();
  @Mixin private final ReplaySelection selection = new ReplaySelection();

  @Option(
      names = "--sample",
      paramLabel = "N",
      defaultValue = "20",
      description =
          "Maximum number of requests; each run chooses the same ones. Default: ${DEFAULT-VALUE}.")
  private int sample = 20;

  @Option(
      names = "--sheet",
      paramLabel = "FILE",
      description =
          "Writes a PNG file with stored and new images side by side, the most different first.")
  private @Nullable Path sheet;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Writes the findings as JSON (schemas/replay-report.schema.json).")
  private @Nullable Path report;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Terminal terminal = Terminal.of(spec);
    check();
    LocalConfig config = LocalConfig.open();
    DarkroomConfig worker = config.worker();
    try (LocalEngine engine = terminal.open(options, worker);
        Originals from = Originals.open(worker, folders.originals())) {
      engine.broken().forEach(broken -> terminal.complain("not served: " + broken.getMessage()));
      ReplaySample chosen = new ReplaySample(sample);
      ManifestFinder finder = LocalReplay.finder(worker, from);
      boolean complete = selection.forEach(terminal, config, from, finder, chosen);
      ReplayReport findings = new ReplayReport();
      ComparedAnswers.of(engine, Configured.opening(worker).known(), terminal)
          .forEach(findings::add);
      List<ComparedPictures> changed = new ArrayList<>();
      terminal.out().println("comparing requests: " + chosen.chosen().size());
      terminal.out().flush();
      Replayer replayer = LocalReplay.replayer(worker, engine, from, folders.output());
      ObjectStore store = LocalReplay.store(from, folders.output());
      for (ManifestFinder.Found found : chosen.chosen()) {
        changed.addAll(compare(terminal, found, replayer, store, findings));
        changed.sort(Comparator.comparingDouble(pair -> pair.difference().psnr()));
        if (changed.size() > ComparisonSheet.ROWS) {
          changed.subList(ComparisonSheet.ROWS, changed.size()).clear();
        }
      }
      print(terminal, findings, changed);
      return complete && findings.reproduced() ? 0 : 1;
    }
  }

  private void check() {
    selection.check();
    OptionCheck.atLeastOne(spec, "--sample", sample);
    OptionCheck.writableFile(spec, "--sheet", sheet);
    OptionCheck.writableFile(spec, "--report", report);
    folders.createOutput();
    selection.manifests().ifPresent(folders::refuseOver);
  }

  /** Renders one request. Returns the pictures that changed. */
  private static List<ComparedPictures> compare(
      Terminal terminal,
      ManifestFinder.Found found,
      Replayer replayer,
      ObjectStore store,
      ReplayReport findings) {
    if (found instanceof ManifestFinder.Found.Nothing nothing) {
      add(terminal, findings, nothing.finding());
      return List.of();
    }
    Recorded recorded = ((ManifestFinder.Found.Request) found).recorded();
    Replayed replayed = replayer.replay(recorded);
    Verdict verdict = replayed.finding().verdict();
    boolean differs = verdict == Verdict.DIFFERENT || verdict == Verdict.WITHIN_TIER;
    if (!differs || replayed.again().isEmpty()) {
      add(terminal, findings, replayed.finding());
      return List.of();
    }
    ComparedOutputs outputs =
        ComparedOutputs.of(recorded.original(), replayed.again().get(), store);
    add(terminal, findings, replayed.finding().with(outputs.measures()));
    return outputs.pictures();
  }

  private static void add(Terminal terminal, ReplayReport findings, Finding finding) {
    findings.add(finding);
    if (finding.verdict() != Verdict.EQUAL_FILES) {
      terminal.out().println(ReplayTable.line(finding));
      finding.measures().forEach(measure -> terminal.out().println("  " + measure.text()));
      terminal.out().flush();
    }
  }

  private void print(Terminal terminal, ReplayReport findings, List<ComparedPictures> changed)
      throws IOException {
    if (report != null) {
      Files.writeString(report, findings.json());
    }
    if (sheet != null && !changed.isEmpty()) {
      ComparisonSheet.write(changed, sheet);
    } else if (sheet != null) {
      terminal.out().println("no image changed: " + sheet + " is not written");
    }
    terminal.out().println(ReplayTable.of(findings));
    findings.answers().forEach(match -> terminal.out().println("known answers " + match.text()));
    changed.stream()
        .map(ComparedPictures::difference)
        .min((a, b) -> Double.compare(a.psnr(), b.psnr()))
        .ifPresent(worst -> terminal.out().println("lowest: " + worst.text()));
    terminal.out().flush();
  }
}
