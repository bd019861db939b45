package io.darkroom.app.cli;

import io.darkroom.app.DarkroomConfig;
import io.darkroom.app.Version;
import io.darkroom.attest.Keys;
import io.darkroom.attest.SignatureCheck;
import io.darkroom.job.Manifest;
import io.darkroom.json.RequestCodec;
import io.darkroom.render.ObjectStore;
import io.darkroom.replay.Bundle;
import io.darkroom.replay.Evidence;
import io.darkroom.replay.Finding;
import io.darkroom.replay.ManifestFinder;
import io.darkroom.replay.Replayer;
import io.darkroom.replay.StoredFiles;
import io.darkroom.replay.Verdict;
import io.darkroom.text.Printable;
import java.io.IOException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks stored results, optionally by rendering them again. */
@Command(
    name = "verify",
    description = {
      "Checks whether the files of manifests are stored and unchanged.",
      "With --render it renders each request again and compares. A PNG file is enough for that,"
          + " because it contains its request."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:everything is as recorded",
      "1:a file or a result differs",
      "2:invalid arguments"
    })
final class VerifyCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private final ModelOptions options = new ModelOptions();
  @Mixin private final ReplayFolders folders = new ReplayFolders();

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description =
          "Manifests, completed events or PNG files; folders of them; s3://bucket/key or"
              + " s3://bucket/prefix/; or one file that `bundle` has written.")
  private List<String> files = List.of();

  @Option(
      names = "--public-key",
      paramLabel = "FILE",
      description =
          "PEM file of a trusted Ed25519 key: the signature of each manifest must be by one of"
              + " them. May be repeated.")
  private List<Path> publicKeys = List.of();

  @Option(names = "--render", description = "Renders each request again and compares.")
  private boolean render;

  @Override
  public Integer call() throws IOException {
    Terminal terminal = Terminal.of(spec);
    DarkroomConfig config = LocalConfig.read();
    Path only = Path.of(files.get(0));
    if (files.size() > 1 || !Bundle.isBundle(only)) {
      try (Originals from = Originals.open(config, folders.originals())) {
        return check(terminal, config, from, named(from));
      }
    }
    try (Bundle bundle = Bundle.open(only);
        Originals from = Originals.open(config, bundle.objects())) {
      bundle.models().ifPresent(options::useByDefault);
      return check(terminal, config, from, EvidenceFiles.of(bundle));
    }
  }

  private List<EvidenceFiles.EvidenceFile> named(Originals from) throws IOException {
    List<EvidenceFiles.EvidenceFile> found = new ArrayList<>();
    for (String file : files) {
      if (!file.startsWith("s3://") && Bundle.isBundle(Path.of(file))) {
        throw new IOException(file + ": a bundle must be the only argument");
      }
      found.addAll(new EvidenceFiles(from).of(file));
    }
    return found;
  }

  private int check(
      Terminal terminal,
      DarkroomConfig config,
      Originals from,
      List<EvidenceFiles.EvidenceFile> found)
      throws IOException {
    Optional<SignatureCheck> signatures = signatures();
    if (!render) {
      return check(terminal, new Checks(from, signatures, Optional.empty()), found);
    }
    folders.createOutput();
    try (LocalEngine engine = terminal.open(options, config)) {
      Replayer replayer = LocalReplay.replayer(config, engine, from, folders.output());
      return check(terminal, new Checks(from, signatures, Optional.of(replayer)), found);
    }
  }

  /** The configured checks. */
  private record Checks(
      Originals originals, Optional<SignatureCheck> signatures, Optional<Replayer> replayer) {}

  private Optional<SignatureCheck> signatures() throws IOException {
    List<PublicKey> keys = new ArrayList<>();
    for (Path file : publicKeys) {
      keys.add(Keys.publicKey(file));
    }
    return keys.isEmpty() ? Optional.empty() : Optional.of(new SignatureCheck(keys));
  }

  private static int check(Terminal terminal, Checks checks, List<EvidenceFiles.EvidenceFile> found)
      throws IOException {
    boolean good = true;
    for (EvidenceFiles.EvidenceFile file : found) {
      Evidence evidence = evidence(file);
      List<String> problems = problems(evidence, checks);
      List<String> lines = new ArrayList<>(problems);
      boolean same = problems.isEmpty();
      if (checks.replayer().isPresent() && !(evidence instanceof Evidence.Unusable)) {
        Finding finding =
            replay(file.name(), evidence, checks.replayer().get(), checks.originals());
        lines.add("rendered again: " + ReplayTable.text(finding.verdict()));
        lines.addAll(finding.verdict() == Verdict.EQUAL_FILES ? List.of() : finding.reasons());
        same &= finding.verdict().reproduced();
      }
      good &= same;
      terminal.out().println(Printable.line(file.name()) + ": " + (same ? "good" : "NOT GOOD"));
      lines.forEach(line -> terminal.out().println("  " + Printable.line(line)));
      terminal.out().flush();
    }
    return good ? 0 : 1;
  }

  /** Reads a file. One that cannot be read does not keep the others from being checked. */
  private static Evidence evidence(EvidenceFiles.EvidenceFile file) {
    try {
      return Evidence.of(file.content().read());
    } catch (IOException | ObjectStore.TooLarge unreadable) {
      return new Evidence.Unusable("cannot be read: " + unreadable.getMessage());
    }
  }

  private static List<String> problems(Evidence evidence, Checks checks) {
    if (evidence instanceof Evidence.OfManifest of) {
      List<String> problems = new StoredFiles(checks.originals().store()).check(of.manifest());
      checks.signatures().flatMap(check -> check.problem(of.manifest())).ifPresent(problems::add);
      return problems;
    }
    if (evidence instanceof Evidence.OfPicture && checks.signatures().isPresent()) {
      return List.of("a picture has no signature; give its manifest");
    }
    return evidence instanceof Evidence.Unusable unusable ? List.of(unusable.reason()) : List.of();
  }

  private static Finding replay(String name, Evidence evidence, Replayer replayer, Originals from) {
    try {
      return replayUsable(name, evidence, replayer, from);
    } catch (IllegalArgumentException invalid) { // an address in the manifest
      return new Finding(
          "", name, Verdict.NOT_REPLAYABLE, List.of(String.valueOf(invalid.getMessage())));
    }
  }

  private static Finding replayUsable(
      String name, Evidence evidence, Replayer replayer, Originals from) {
    if (evidence instanceof Evidence.OfManifest of) {
      return replay(name, of.manifest(), replayer, from);
    }
    Evidence.OfPicture picture = (Evidence.OfPicture) evidence;
    return replayer.replay(name, picture.request(), picture.file());
  }

  private static Finding replay(String name, Manifest manifest, Replayer replayer, Originals from) {
    RequestCodec codec = new RequestCodec(RequestCodec.DEFAULT_MAX_BYTES);
    ManifestFinder finder = new ManifestFinder(from.store(), LocalRender.PREFIX, codec);
    ManifestFinder.Found found = finder.ofManifest(name, manifest);
    return found instanceof ManifestFinder.Found.Request request
        ? replayer.replay(request.recorded()).finding()
        : ((ManifestFinder.Found.Nothing) found).finding();
  }
}
