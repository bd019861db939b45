package io.darkroom.app.cli;

import io.darkroom.attest.SignatureCheck;
import io.darkroom.job.Manifest;
import io.darkroom.json.RequestCodec;
import io.darkroom.onnx.ModelPackage;
import io.darkroom.render.ObjectStore;
import io.darkroom.replay.Evidence;
import io.darkroom.replay.Finding;
import io.darkroom.replay.ManifestFinder;
import io.darkroom.replay.Replayer;
import io.darkroom.replay.StoredFiles;
import io.darkroom.replay.Verdict;
import io.darkroom.replay.WorkerMatch;
import io.darkroom.text.Printable;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checks files about renders one after the other, and prints what it finds. */
final class EvidenceCheck {
  private final Originals from;
  private final ManifestFinder finder;
  private final Terminal terminal;
  private final Optional<SignatureCheck> signatures;
  private @Nullable Map<String, ModelPackage> packages;
  private @Nullable WorkerMatch match;
  private @Nullable Replayer replayer;

  /** Creates a check of the files, and of the signatures if there are keys. */
  EvidenceCheck(Originals from, Terminal terminal, Optional<SignatureCheck> signatures) {
    this.from = from;
    this.finder =
        new ManifestFinder(
            from.store(), LocalRender.PREFIX, new RequestCodec(RequestCodec.DEFAULT_MAX_BYTES));
    this.terminal = terminal;
    this.signatures = signatures;
  }

  /** Adds: the packages that were delivered with the manifests are those of the renders. */
  EvidenceCheck withPackages(Map<String, ModelPackage> delivered) {
    packages = delivered;
    return this;
  }

  /** Adds: this worker gives the same pixels, by the fingerprint. */
  EvidenceCheck with(WorkerMatch worker) {
    match = worker;
    return this;
  }

  /** Adds: a second render gives the same result. */
  EvidenceCheck with(Replayer again) {
    replayer = again;
    return this;
  }

  /** Checks all files; returns the exit status. */
  int all(List<EvidenceFiles.EvidenceFile> files) {
    boolean good = true;
    for (EvidenceFiles.EvidenceFile file : files) {
      good &= check(file);
    }
    return good ? 0 : 1;
  }

  private boolean check(EvidenceFiles.EvidenceFile file) {
    Evidence evidence = evidence(file);
    List<String> lines = new ArrayList<>(problems(evidence));
    boolean good = lines.isEmpty();
    if (match != null) {
      good &= compareWorker(evidence, match, lines) || replayer != null;
    }
    if (replayer != null && !(evidence instanceof Evidence.Unusable)) {
      good &= renderAgain(file.name(), evidence, replayer, lines);
    }
    terminal.out().println(Printable.line(file.name()) + ": " + (good ? "good" : "NOT GOOD"));
    lines.forEach(line -> terminal.out().println("  " + Printable.line(line)));
    terminal.out().flush();
    return good;
  }

  /** Reads a file. One that cannot be read does not keep the others from being checked. */
  private static Evidence evidence(EvidenceFiles.EvidenceFile file) {
    try {
      return Evidence.of(file.content().read());
    } catch (NoSuchFileException missing) {
      return new Evidence.Unusable("does not exist");
    } catch (IOException | ObjectStore.TooLarge unreadable) {
      return new Evidence.Unusable("cannot be read: " + unreadable.getMessage());
    }
  }

  private List<String> problems(Evidence evidence) {
    if (evidence instanceof Evidence.OfManifest of) {
      List<String> problems = new StoredFiles(from.store()).check(of.manifest());
      signatures.flatMap(check -> check.problem(of.manifest())).ifPresent(problems::add);
      of.manifest().stages().forEach(stage -> checkPackage(stage, problems));
      return problems;
    }
    if (evidence instanceof Evidence.OfPicture && signatures.isPresent()) {
      return List.of("an image has no signature; give its manifest");
    }
    return evidence instanceof Evidence.Unusable unusable ? List.of(unusable.reason()) : List.of();
  }

  private void checkPackage(Manifest.RenderedStage stage, List<String> problems) {
    if (packages == null) {
      return;
    }
    ModelPackage found = packages.get(stage.model());
    String recorded = stage.fingerprint().packageSha256();
    if (found == null) {
      problems.add("models/" + stage.model() + ": is missing or broken");
    } else if (!found.card().sha256().equals(recorded)) {
      problems.add(
          "models/%s: package_sha256 must be %s, is %s"
              .formatted(stage.model(), recorded, found.card().sha256()));
    }
  }

  private boolean compareWorker(Evidence evidence, WorkerMatch match, List<String> lines) {
    if (evidence instanceof Evidence.Unusable) {
      return false;
    }
    WorkerMatch.Answer answer =
        evidence instanceof Evidence.OfManifest of
            ? match.compare(of.manifest())
            : match.compare((Evidence.OfPicture) evidence);
    lines.add("this worker: " + answer.text());
    boolean listedLater = replayer != null && evidence instanceof Evidence.OfManifest;
    lines.addAll(listedLater ? List.of() : answer.differences());
    return answer.same();
  }

  private boolean renderAgain(
      String name, Evidence evidence, Replayer replayer, List<String> lines) {
    Finding finding = replay(name, evidence, replayer);
    lines.add("rendered again: " + ReplayTable.text(finding.verdict()));
    lines.addAll(finding.verdict() == Verdict.EQUAL_FILES ? List.of() : finding.reasons());
    return finding.verdict().reproduced();
  }

  private Finding replay(String name, Evidence evidence, Replayer replayer) {
    try {
      return evidence instanceof Evidence.OfManifest of
          ? replay(name, of.manifest(), replayer)
          : replay(name, (Evidence.OfPicture) evidence, replayer);
    } catch (ObjectStore.StoreFailure unusable) {
      return new Finding(
          "", name, Verdict.NOT_REPLAYABLE, List.of(String.valueOf(unusable.getMessage())));
    }
  }

  private static Finding replay(String name, Evidence.OfPicture picture, Replayer replayer) {
    return replayer.replay(name, picture.request(), picture.file());
  }

  private Finding replay(String name, Manifest manifest, Replayer replayer) {
    ManifestFinder.Found found = finder.ofManifest(name, manifest);
    return found instanceof ManifestFinder.Found.Request request
        ? replayer.replay(request.recorded()).finding()
        : ((ManifestFinder.Found.Nothing) found).finding();
  }
}
