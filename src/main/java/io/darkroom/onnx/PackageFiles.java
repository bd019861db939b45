package io.darkroom.onnx;

import io.darkroom.model.BrokenPackage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The files of a package on which its pictures depend: its configuration, tokenizers, adapters,
 * networks and all files of weights that a network names, including hidden ones. Other files in the
 * folder (a README, another export of a network, known answers) are ignored.
 *
 * @param byComponent files by their path in the package, with {@code /} between the parts, by
 *     component folder; {@value #TOP} for files outside these folders
 */
record PackageFiles(SortedMap<String, SortedMap<String, Path>> byComponent) {

  /** The component of files outside the component folders. */
  static final String TOP = ".";

  private static final List<String> PLAIN =
      List.of(
          ModelPackage.INDEX,
          "labels.json",
          ModelPackage.SCHEDULER,
          "low_res_scheduler/scheduler_config.json");
  private static final List<String> TOKENIZERS = List.of("tokenizer", "tokenizer_2", "tokenizer_3");
  private static final List<String> OF_TOKENIZERS =
      List.of(
          "vocab.json",
          "merges.txt",
          "special_tokens_map.json",
          "tokenizer_config.json",
          "added_tokens.json",
          "tokenizer.json",
          "vocab.txt",
          "spiece.model");

  /** The components that are networks. */
  static final List<String> NETWORKS =
      List.of(
          "unet",
          "transformer",
          "text_encoder",
          "text_encoder_2",
          "text_encoder_3",
          "bert",
          "vae_decoder",
          ModelPackage.FLOAT32_DECODER,
          "vae_encoder",
          ModelPackage.VQ_DECODER);

  /**
   * Lists the files. A network must be complete; other parts may be missing.
   *
   * @throws BrokenPackage if a file is not a regular file, is outside the package or is the result
   *     of a failed download, or if a visible file is a symbolic link
   */
  static PackageFiles of(Path folder) throws BrokenPackage {
    refuseLinks(folder);
    PackageFiles files = new PackageFiles(new TreeMap<>());
    for (String file : PLAIN) {
      files.addIfPresent(folder, file);
    }
    for (String tokenizer : TOKENIZERS) {
      for (String file : OF_TOKENIZERS) {
        files.addIfPresent(folder, tokenizer + "/" + file);
      }
    }
    for (String network : NETWORKS) {
      files.addIfPresent(folder, network + "/config.json");
      if (files.addIfPresent(folder, network + "/model.onnx")) {
        files.addWeights(folder, network);
      }
    }
    for (String adapter : LoraFile.names(folder)) {
      files.addIfPresent(folder, LoraFile.path(adapter));
    }
    return files;
  }

  /** Returns the bytes by component. */
  SortedMap<String, Long> bytes() throws BrokenPackage {
    SortedMap<String, Long> bytes = new TreeMap<>();
    for (var component : byComponent.entrySet()) {
      for (var file : component.getValue().entrySet()) {
        bytes.merge(component.getKey(), size(file.getKey(), file.getValue()), Long::sum);
      }
    }
    return bytes;
  }

  static long size(String name, Path file) throws BrokenPackage {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new BrokenPackage(name, "", "cannot be read", e);
    }
  }

  private boolean addIfPresent(Path folder, String name) throws BrokenPackage {
    Path file = folder.resolve(name);
    boolean there = Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    if (there) {
      add(folder, name, file);
    }
    return there;
  }

  private void addWeights(Path folder, String network) throws BrokenPackage {
    String model = network + "/model.onnx";
    Path beside = folder.resolve(network);
    for (String location : OnnxGraph.read(folder, model).weightFiles()) {
      Path file = beside.resolve(location).normalize();
      if (!file.startsWith(beside)) {
        throw new BrokenPackage(model, location, "must be a file of weights in " + network);
      }
      if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new BrokenPackage(
            slashed(folder.relativize(file)),
            "",
            "is missing: " + model + " has its weights there");
      }
      add(folder, slashed(folder.relativize(file)), file);
    }
  }

  private void add(Path folder, String name, Path file) throws BrokenPackage {
    try {
      if (!file.toRealPath().startsWith(folder.toRealPath())) {
        throw new BrokenPackage(name, "", "must not lead out of the package");
      }
    } catch (IOException e) {
      throw new BrokenPackage(name, "", "cannot be read", e);
    }
    if (!Files.isRegularFile(file)) {
      throw new BrokenPackage(name, "", "must be a regular file");
    }
    Placeholder.check(name, file);
    int slash = name.indexOf('/');
    String component = slash < 0 ? TOP : name.substring(0, slash);
    byComponent.computeIfAbsent(component, key -> new TreeMap<>()).put(name, file);
  }

  /** Refuses links, which could point out of the package or back into it. */
  private static void refuseLinks(Path folder) throws BrokenPackage {
    try (Stream<Path> walk = Files.walk(folder)) {
      Optional<Path> link =
          walk.filter(path -> !path.equals(folder) && Files.isSymbolicLink(path))
              .filter(path -> !hidden(folder.relativize(path)))
              .findFirst();
      if (link.isPresent()) {
        throw HubCache.link(slashed(folder.relativize(link.get())), link.get());
      }
    } catch (IOException | UncheckedIOException e) {
      throw new BrokenPackage(TOP, "", "cannot be read: " + e.getMessage(), e);
    }
  }

  private static boolean hidden(Path relative) {
    for (Path name : relative) {
      if (name.toString().startsWith(".")) {
        return true;
      }
    }
    return false;
  }

  private static String slashed(Path relative) {
    return relative.toString().replace('\\', '/');
  }
}
