package io.darkroom.app.cli;

import io.darkroom.app.DarkroomConfig;
import io.darkroom.app.Version;
import io.darkroom.job.Manifest;
import io.darkroom.model.BrokenPackage;
import io.darkroom.onnx.ModelPackage;
import io.darkroom.onnx.PackageCatalog;
import io.darkroom.onnx.PackageContents;
import io.darkroom.render.ObjectStore;
import io.darkroom.render.ObjectUri;
import io.darkroom.replay.BundleWriter;
import io.darkroom.replay.Evidence;
import io.darkroom.text.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes a file with everything that is needed to verify renders without the store. */
@Command(
    name = "bundle",
    description = {
      "Writes manifests with their outputs and inputs, and with --packages also their model"
          + " packages, to one ZIP file.",
      "`verify FILE.zip` checks it without a store and without the network."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:the file is complete", "1:something is missing", "2:invalid arguments"})
final class BundleCommand implements Callable<Integer> {
  private static final long MAX_OBJECT_BYTES = 1L << 30;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description =
          "Manifests or completed events; folders of them; s3://bucket/key or"
              + " s3://bucket/prefix/.")
  private List<String> files = List.of();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      defaultValue = "bundle.zip",
      description = "The file to write. Default: ${DEFAULT-VALUE}.")
  private Path output = Path.of("bundle.zip");

  @Option(
      names = "--store",
      paramLabel = "FOLDER",
      description =
          "Folder with stored results, as `render` writes it. Default: the store of the"
              + " configuration (darkroom.s3.*).")
  private @Nullable Path originals;

  @Option(
      names = "--packages",
      description = "Adds the model packages, so that the renders can be repeated, too.")
  private boolean packages;

  @Mixin private final ModelOptions options = new ModelOptions();
  private @Nullable PackageCatalog catalog;

  @Override
  public Integer call() throws IOException {
    Terminal terminal = Terminal.of(spec);
    DarkroomConfig config = LocalConfig.read();
    if (Files.exists(output) && !Files.isRegularFile(output)) {
      throw new IOException(output + ": must be a file that does not exist, or a regular file");
    }
    Path part = output.resolveSibling(output.getFileName() + ".part");
    try (Originals from = Originals.open(config, originals)) {
      int count = write(part, from, config);
      Files.move(part, output, StandardCopyOption.REPLACE_EXISTING);
      terminal.out().printf("%s: manifests %d, bytes %d%n", output, count, Files.size(output));
      return 0;
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private int write(Path part, Originals from, DarkroomConfig config) throws IOException {
    Map<String, PackageContents> added = new LinkedHashMap<>();
    int count = 0;
    try (BundleWriter bundle = new BundleWriter(Files.newOutputStream(part))) {
      for (String file : files) {
        for (EvidenceFiles.EvidenceFile found : new EvidenceFiles(from).of(file)) {
          byte[] bytes = found.content().read();
          Manifest manifest = manifest(found.name(), bytes);
          bundle.addManifest(bytes);
          addObjects(bundle, from.store(), manifest);
          if (packages) {
            addPackages(bundle, manifest, config, added);
          }
          count++;
        }
      }
    }
    return count;
  }

  private static Manifest manifest(String name, byte[] bytes) throws IOException {
    if (Evidence.of(bytes) instanceof Evidence.OfManifest of) {
      return of.manifest();
    }
    throw new IOException(name + ": must be a manifest or a completed event");
  }

  private static void addObjects(BundleWriter bundle, ObjectStore store, Manifest manifest)
      throws IOException {
    Map<String, String> digests = new LinkedHashMap<>(manifest.digests());
    manifest.inputs().forEach(file -> digests.put(file.uri(), file.sha256()));
    for (Map.Entry<String, String> file : digests.entrySet()) {
      ObjectUri object = ObjectUri.parse(file.getKey());
      byte[] bytes =
          store
              .get(object, MAX_OBJECT_BYTES)
              .orElseThrow(() -> new IOException(file.getKey() + ": does not exist"));
      if (!Sha256.of(bytes).equals(file.getValue())) {
        throw new IOException(file.getKey() + ": was changed: its sha256 is not the recorded one");
      }
      bundle.addObject(object, bytes);
    }
  }

  private void addPackages(
      BundleWriter bundle,
      Manifest manifest,
      DarkroomConfig config,
      Map<String, PackageContents> added)
      throws IOException {
    for (Manifest.RenderedStage stage : manifest.stages()) {
      String model = stage.model();
      PackageContents contents = added.get(model);
      if (contents == null) {
        contents = contents(model, config);
        added.put(model, contents);
      }
      String digest = stage.fingerprint().packageSha256();
      if (!contents.sha256().equals(digest)) {
        throw new IOException(
            model + ": package_sha256 must be " + digest + ", is " + contents.sha256());
      }
      for (Map.Entry<String, Path> file : contents.files().entrySet()) {
        bundle.addPackageFile(model, file.getKey(), file.getValue());
      }
    }
  }

  /** Returns the packages; they are located and read once. */
  private PackageCatalog catalog(DarkroomConfig config) throws IOException {
    PackageCatalog read = catalog;
    if (read == null) {
      read = LocalModels.read(options.sources(config), config, Terminal.of(spec));
      catalog = read;
    }
    return read;
  }

  private PackageContents contents(String model, DarkroomConfig config) throws IOException {
    ModelPackage found = catalog(config).packages().get(model);
    if (found == null) {
      throw new IOException(model + ": no such package in " + options.sources(config));
    }
    try {
      return PackageContents.of(found.folder());
    } catch (BrokenPackage broken) {
      throw new IOException(model + ": " + broken.getMessage(), broken);
    }
  }
}
