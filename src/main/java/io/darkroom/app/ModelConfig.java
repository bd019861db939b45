package io.darkroom.app;

import io.darkroom.onnx.CudaOptions;
import io.darkroom.onnx.KnownAnswers;
import io.darkroom.onnx.NetworkSettings;
import io.darkroom.onnx.Opening;
import io.darkroom.onnx.Provider;
import org.jboss.logging.Logger;

/**
 * What the configuration says of how packages are opened and run; for the worker and for commands
 * that are carried to a machine without its libraries.
 */
final class ModelConfig {
  private static final Logger LOG = Logger.getLogger(ModelConfig.class);

  private ModelConfig() {}

  /** As a worker runs them; the log says what is promised and why. */
  static NetworkSettings networks(DarkroomConfig config) {
    DarkroomConfig.Engine engine = config.engine();
    Provider provider = config.device().provider().resolve(cuda(config.device()));
    TierChoice choice = TierChoice.of(engine.tier(), provider);
    LOG.infof(
        "tier tier=%s provider=%s reason=\"%s\"",
        choice.tier().wire(), provider.wire(), choice.reason());
    return new NetworkSettings(
        engine.threads(), engine.rowsPerCall(), choice.tier(), provider, engine.selfTestRun());
  }

  static CudaOptions cuda(DarkroomConfig.Device device) {
    return new CudaOptions(
        device.number(),
        device.memoryLimit(),
        device.arena(),
        device.convolutionSearch(),
        device.tf32(),
        device.options());
  }

  static Opening opening(DarkroomConfig config) {
    DarkroomConfig.Engine engine = config.engine();
    KnownAnswers known =
        engine.knownAnswers().map(KnownAnswers::in).orElseGet(KnownAnswers::inPackages);
    return new Opening(known, engine.rowsByModel(), engine.profile());
  }
}
