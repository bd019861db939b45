package io.darkroom.app.cli;

import io.darkroom.app.DarkroomConfig;
import io.darkroom.app.Version;
import io.darkroom.attest.Keys;
import io.darkroom.attest.SignatureCheck;
import io.darkroom.job.Manifest;
import io.darkroom.json.Decoded;
import io.darkroom.json.RequestCodec;
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

/** Checks stored results, without rendering and with. */
@Command(
    name = "verify",
    description = {
      "Checks whether the files of manifests are stored and unchanged.",
      "With --render it renders each request again and compares. A PNG file alone is enough for"
          + " that: it carries its request."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:everything is as recorded", "1:something is not", "2:invalid arguments"})
final class VerifyCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private final ModelOptions options = new ModelOptions();

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description =
          "Manifests, completed events or PNG files; folders of them; s3://bucket/key or"
              + " s3://bucket/prefix/.")
  private List<String> files = List.of();

  @Option(
      names = "--store",
      paramLabel = "FOLDER",
      description =
          "Folder with stored results, as `render` writes it. Default: the store of the"
              + " configuration (darkroom.s3.*).")
  private @Nullable Path originals;

  @Option(
      names = "--public-key",
      paramLabel = "FILE",
      description =
          "PEM file of a trusted Ed25519 key: the signature of each manifest must be by one of"
              + " them. May be repeated.")
  private List<Path> publicKeys = List.of();

  @Option(names = "--render", description = "Renders each request again and compares.")
  private boolean render;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FOLDER",
      defaultValue = "replays",
      description = "Folder of the new results of --render. Default: ${DEFAULT-VALUE}.")
  private Path output = Path.of("replays");

  @Override
  public Integer call() throws IOException {
    Terminal terminal = Terminal.of(spec);
    DarkroomConfig config = LocalConfig.read();
    Optional<SignatureCheck> signatures = signatures();
    try (Originals from = Originals.open(config, originals)) {
      List<EvidenceFiles.EvidenceFile> found = new ArrayList<>();
      for (String file : files) {
        found.addAll(new EvidenceFiles(from).of(file));
      }
      if (!render) {
        return check(terminal, new Checks(from, signatures, Optional.empty()), found);
      }
      try (LocalEngine engine = terminal.open(options, config)) {
        Replayer replayer = LocalReplay.replayer(config, engine, from, output);
        return check(terminal, new Checks(from, signatures, Optional.of(replayer)), found);
      }
    }
  }

  /** What is checked, and with what. */
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
      Evidence evidence = Evidence.of(file.content().read());
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

  private static List<String> problems(Evidence evidence, Checks checks) {
    if (evidence instanceof Evidence.OfManifest of) {
      List<String> problems = new StoredFiles(checks.originals().store()).check(of.manifest());
      checks.signatures().flatMap(check -> check.problem(of.manifest())).ifPresent(problems::add);
      return problems;
    }
    return evidence instanceof Evidence.Unusable unusable ? List.of(unusable.reason()) : List.of();
  }

  private static Finding replay(String name, Evidence evidence, Replayer replayer, Originals from) {
    RequestCodec codec = new RequestCodec(RequestCodec.DEFAULT_MAX_BYTES);
    if (evidence instanceof Evidence.OfManifest of) {
      return replay(name, of.manifest(), replayer, from, codec);
    }
    Evidence.OfPicture picture = (Evidence.OfPicture) evidence;
    if (codec.read(picture.request().array(), "application/json") instanceof Decoded.Valid valid) {
      return replayer.replay(name, valid.request(), picture.file());
    }
    return new Finding(
        "", name, Verdict.NOT_REPLAYABLE, List.of("the request in the picture is invalid"));
  }

  private static Finding replay(
      String name, Manifest manifest, Replayer replayer, Originals from, RequestCodec codec) {
    ManifestFinder finder = new ManifestFinder(from.store(), LocalRender.PREFIX, codec);
    ManifestFinder.Found found = finder.ofManifest(name, manifest);
    return found instanceof ManifestFinder.Found.Request request
        ? replayer.replay(request.recorded())
        : ((ManifestFinder.Found.Nothing) found).finding();
  }
}
