package io.darkroom.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoraAdapter;
import ai.onnxruntime.OrtSession.RunOptions;
import io.darkroom.job.ModelRef;
import io.darkroom.model.BrokenPackage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * An adapter of a package that is loaded: {@code loras/NAME.onnx_adapter}, in the format of ONNX
 * Runtime. Its tensors replace the defaults of inputs of the network with their names.
 */
final class LoraFile implements AutoCloseable {
  /** The component of adapters. */
  static final String COMPONENT = "loras";

  private static final String ENDING = ".onnx_adapter";

  private final String file;
  private final OrtLoraAdapter adapter;
  private final RunOptions options;

  private LoraFile(String file, OrtLoraAdapter adapter, RunOptions options) {
    this.file = file;
    this.adapter = adapter;
    this.options = options;
  }

  /** Returns the names of a package's adapters, sorted. */
  static List<String> names(Path folder) throws BrokenPackage {
    Path loras = folder.resolve(COMPONENT);
    if (!Files.isDirectory(loras)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(loras)) {
      return files
          .map(path -> String.valueOf(path.getFileName()))
          .filter(name -> name.endsWith(ENDING) && !name.startsWith("."))
          .map(name -> name.substring(0, name.length() - ENDING.length()))
          .sorted()
          .toList();
    } catch (IOException | UncheckedIOException e) {
      throw new BrokenPackage(COMPONENT, "", "cannot be read: " + e.getMessage(), e);
    }
  }

  /** Returns the path of an adapter in its package. */
  static String path(String name) throws BrokenPackage {
    String file = COMPONENT + "/" + name + ENDING;
    if (!ModelRef.isName(name)) {
      throw new BrokenPackage(file, "", "must be named by " + ModelRef.NAME_RULE);
    }
    return file;
  }

  /**
   * Loads an adapter.
   *
   * @throws BrokenPackage if it is not in the format
   */
  static LoraFile open(Path folder, String name) throws BrokenPackage {
    String file = path(name);
    try {
      OrtLoraAdapter adapter = OrtLoraAdapter.create(folder.resolve(file).toString());
      RunOptions options = new RunOptions();
      options.addActiveLoraAdapter(adapter);
      return new LoraFile(file, adapter, options);
    } catch (OrtException e) {
      throw Session.refusal(file, e);
    }
  }

  /** Returns the file, for messages. */
  String file() {
    return file;
  }

  /** Returns options of runs with the adapter, which runs on several lanes may share. */
  RunOptions options() {
    return options;
  }

  /** Adds the adapter to the options of a single run. */
  void activate(RunOptions single) throws OrtException {
    single.addActiveLoraAdapter(adapter);
  }

  @Override
  public void close() {
    options.close();
    adapter.close();
  }
}
