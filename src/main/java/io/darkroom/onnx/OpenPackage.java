package io.darkroom.onnx;

import io.darkroom.engine.DeviceFailure;
import io.darkroom.model.BrokenPackage;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The sessions of a package, open on the calling thread and not tested yet. Engine thread only.
 *
 * @param denoiser the denoising network
 * @param adapted the denoising network with each of its adapters, by name
 * @param texts the text encoders
 * @param codec the autoencoder, if the package has one
 */
record OpenPackage(
    DenoiserLoading denoiser,
    Map<String, DenoiserLoading> adapted,
    TextNetworks texts,
    Optional<OrtLatentCodec> codec)
    implements AutoCloseable {

  /**
   * Opens every network of a package.
   *
   * @throws BrokenPackage if one of them cannot be loaded
   * @throws DeviceFailure if the device is lost or has no memory for them
   */
  static OpenPackage open(ModelPackage pack, NetworkSettings settings) throws BrokenPackage {
    DenoiserLoading denoiser = DenoiserLoading.load(pack, settings);
    OpenPackage open =
        new OpenPackage(denoiser, new TreeMap<>(), new TextNetworks(Map.of()), Optional.empty());
    boolean opened = false;
    try {
      for (String name : pack.card().adapters()) {
        open.adapted.put(name, denoiser.with(LoraFile.open(pack.folder(), name)));
      }
      open = open.with(TextNetworks.open(pack, settings));
      if (pack.card().space().decoded()) {
        open = open.with(OrtLatentCodec.open(pack.folder(), pack.card().space(), settings));
      }
      opened = true;
      return open;
    } finally {
      if (!opened) {
        open.close();
      }
    }
  }

  private OpenPackage with(TextNetworks networks) {
    return new OpenPackage(denoiser, adapted, networks, codec);
  }

  private OpenPackage with(OrtLatentCodec networks) {
    return new OpenPackage(denoiser, adapted, texts, Optional.of(networks));
  }

  /**
   * Returns the SHA-256 of each network's output for fixed inputs.
   *
   * @param network digest of the denoising network's output
   * @param adapters digests of its output with each adapter, by name
   */
  Map<String, String> answers(ModelPackage pack, String network, Map<String, String> adapters) {
    String denoiser = ModelPackage.denoiser(pack.folder());
    Map<String, String> answers = new TreeMap<>(Map.of(denoiser, network));
    adapters.forEach((name, sha256) -> answers.put(LoraFile.COMPONENT + "/" + name, sha256));
    answers.putAll(texts.answers());
    codec.ifPresent(networks -> answers.putAll(networks.answers(pack.card())));
    return answers;
  }

  /** Removes the time limit of runs, because the networks are known to end. */
  void removeLimit() {
    denoiser.session().removeLimit();
    adapted.values().forEach(each -> each.session().removeLimit());
    texts.removeLimit();
    codec.ifPresent(OrtLatentCodec::removeLimit);
  }

  @Override
  public void close() {
    adapted.values().forEach(each -> each.session().close());
    denoiser.session().close();
    texts.close();
    codec.ifPresent(OrtLatentCodec::close);
  }
}
