package io.darkroom.app;

import io.darkroom.app.models.LocatedModels;
import io.darkroom.engine.LoadedModel;
import io.darkroom.engine.RenderEngine;
import io.darkroom.job.Tier;
import io.darkroom.model.BrokenPackage;
import io.darkroom.onnx.ModelPackage;
import io.darkroom.onnx.NetworkSettings;
import io.darkroom.onnx.Opening;
import io.darkroom.onnx.PackageCatalog;
import io.darkroom.onnx.PackageOpener;
import io.darkroom.onnx.PackageReader;
import io.darkroom.render.ServedModels;
import io.darkroom.text.Printable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Loads and self-tests the packages of the configured folders on the engine thread. A broken
 * package is logged and not served; the others are served. {@link #close} ends the lanes of the
 * networks; close the engine first.
 */
public final class ModelLoading implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(ModelLoading.class);

  private final RenderEngine engine;
  private final NetworkSettings settings;
  private final Opening opening;

  public ModelLoading(RenderEngine engine, NetworkSettings settings, Opening opening) {
    this.engine = engine;
    this.settings = settings;
    this.opening = opening;
  }

  /**
   * The result of loading.
   *
   * @param tier the configured tier
   * @param leftOut reasons why packages are not served
   * @param inexact reasons, by name, of the packages that fail only the exact tier
   */
  public record Loaded(
      ServedModels served, Tier tier, List<String> leftOut, Map<String, String> inexact) {
    public Loaded {
      leftOut = List.copyOf(leftOut);
      inexact = Collections.unmodifiableMap(new TreeMap<>(inexact));
    }

    /**
     * Returns this result with the packages on demand.
     *
     * @param all all models that are loaded now
     * @param refused reasons why packages on demand are not served at the moment
     */
    Loaded with(ServedModels all, List<String> refused) {
      List<String> reasons = new ArrayList<>(leftOut);
      reasons.addAll(refused);
      return new Loaded(all, tier, reasons, inexact);
    }
  }

  @Override
  public void close() {
    settings.lanes().close();
  }

  /** Loads the packages; those that could not be downloaded are reported as broken. */
  public Loaded load(LocatedModels located) throws IOException {
    List<String> leftOut = new ArrayList<>();
    Map<String, String> inexact = new TreeMap<>();
    ServedModels served =
        load(
            located,
            broken -> {
              String reason = report(broken);
              leftOut.add(reason);
              if (broken.inexact()) {
                inexact.put(broken.name(), reason);
              }
            });
    return new Loaded(served, settings.tier(), leftOut, inexact);
  }

  private ServedModels load(LocatedModels located, Consumer<BrokenPackage> report)
      throws IOException {
    located.broken().forEach(report);
    return load(PackageCatalog.read(located.folders()), report);
  }

  /** Loads the packages of a catalog; {@code report} receives the broken ones. */
  public ServedModels load(PackageCatalog catalog, Consumer<BrokenPackage> report) {
    catalog.broken().values().forEach(report);
    Map<String, LoadedModel> served = new TreeMap<>();
    for (ModelPackage each : catalog.packages().values()) {
      load(each, report).ifPresent(model -> served.put(model.card().name(), model));
    }
    return new ServedModels(served);
  }

  private Optional<LoadedModel> load(ModelPackage each, Consumer<BrokenPackage> report) {
    try {
      return Optional.of(load(each));
    } catch (BrokenPackage broken) {
      report.accept(broken);
      return Optional.empty();
    }
  }

  /**
   * Reads and loads one package.
   *
   * @throws BrokenPackage if it cannot be served
   */
  public LoadedModel load(Path folder) throws BrokenPackage {
    return load(PackageReader.read(folder));
  }

  private LoadedModel load(ModelPackage each) throws BrokenPackage {
    try {
      return engine.load(new PackageOpener(each, settings, opening)).join();
    } catch (CompletionException failure) {
      if (failure.getCause() instanceof BrokenPackage broken) {
        throw broken;
      }
      throw failure;
    }
  }

  private static String report(BrokenPackage broken) {
    String reason = Printable.logValue(String.valueOf(broken.getMessage()));
    LOG.errorf("model package not served reason=%s", reason);
    return reason;
  }
}
