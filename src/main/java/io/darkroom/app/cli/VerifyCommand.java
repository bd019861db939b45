package io.darkroom.app.cli;

import io.darkroom.app.Configured;
import io.darkroom.app.DarkroomConfig;
import io.darkroom.app.Version;
import io.darkroom.attest.SignatureCheck;
import io.darkroom.onnx.ModelPackage;
import io.darkroom.plan.Planner;
import io.darkroom.replay.Bundle;
import io.darkroom.replay.WorkerMatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
      "1:a file, a signature or a result is not as recorded, or a file cannot be read",
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

  @Option(
      names = "--worker",
      description = {
        "Also says whether this program, with these packages, this device and these settings,",
        "gives the same pixels: plans each request and compares fingerprints, without rendering.",
        "Included in --render."
      })
  private boolean worker;

  @Option(names = "--render", description = "Renders each request again and compares.")
  private boolean render;

  @Override
  public Integer call() throws IOException {
    DarkroomConfig config = LocalConfig.read();
    Optional<SignatureCheck> signatures = signatures();
    Path only = Path.of(files.get(0));
    if (files.size() > 1 || !Bundle.isBundle(only)) {
      try (Originals from = Originals.open(config, folders.originals())) {
        return check(config, from, signatures, named(from), false);
      }
    }
    try (Bundle bundle = Bundle.open(only);
        Originals from = Originals.open(config, bundle.objects())) {
      bundle.models().ifPresent(options::useByDefault);
      return check(config, from, signatures, EvidenceFiles.of(bundle), bundle.models().isPresent());
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
      DarkroomConfig config,
      Originals from,
      Optional<SignatureCheck> signatures,
      List<EvidenceFiles.EvidenceFile> found,
      boolean withPackages)
      throws IOException {
    Terminal terminal = Terminal.of(spec);
    EvidenceCheck check = new EvidenceCheck(from, terminal, signatures);
    if (!render) {
      return checkWithoutRender(config, check, withPackages).all(found);
    }
    folders.createOutput();
    try (LocalEngine engine = terminal.open(options, config)) {
      if (withPackages) {
        check.withPackages(engine.packages());
      }
      return check
          .with(match(config, engine.packages()))
          .with(LocalReplay.replayer(config, engine, from, folders.output()))
          .all(found);
    }
  }

  private EvidenceCheck checkWithoutRender(
      DarkroomConfig config, EvidenceCheck check, boolean withPackages) throws IOException {
    if (!worker && !withPackages) {
      return check;
    }
    Map<String, ModelPackage> packages = packages(config);
    if (withPackages) {
      check.withPackages(packages);
    }
    return worker ? check.with(match(config, packages)) : check;
  }

  private Map<String, ModelPackage> packages(DarkroomConfig config) throws IOException {
    return LocalModels.read(options.sources(config), config, Terminal.of(spec)).packages();
  }

  private WorkerMatch match(DarkroomConfig config, Map<String, ModelPackage> packages) {
    String version = Configured.render(config).workerVersion();
    Planner planner = new Planner(Configured.requestLimits(config));
    return new WorkerMatch(
        LocalFingerprints.of(packages, options.networks(config), version, planner));
  }

  private Optional<SignatureCheck> signatures() {
    try {
      return SignatureCheck.of(publicKeys);
    } catch (IOException unusable) {
      throw OptionCheck.refused(spec, "--public-key: " + Main.reason(unusable));
    }
  }
}
