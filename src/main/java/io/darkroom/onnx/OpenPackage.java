package io.darkroom.onnx;

import io.darkroom.engine.DeviceFailure;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.ModelCard;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The sessions of a package, open on the calling thread and not proven yet. Engine thread only.
 *
 * @param denoiser the denoising network
 * @param texts the text encoder, where the package has one
 * @param codec the autoencoder, where the package has one
 */
record OpenPackage(
    DenoiserLoading denoiser, Optional<TextNetworks> texts, Optional<OrtLatentCodec> codec)
    implements AutoCloseable {

  /**
   * Opens every network of a package.
   *
   * @param tokenizer of its text encoder, where it has one
   * @throws BrokenPackage where one of them cannot be loaded
   * @throws DeviceFailure where the device is lost or has no memory for them
   */
  static OpenPackage open(
      ModelPackage pack, Optional<ClipTokenizer> tokenizer, NetworkSettings settings)
      throws BrokenPackage {
    DenoiserLoading denoiser = DenoiserLoading.load(pack, settings);
    OpenPackage open = new OpenPackage(denoiser, Optional.empty(), Optional.empty());
    boolean opened = false;
    try {
      if (tokenizer.isPresent()) {
        int window = pack.card().tokens().orElseThrow();
        open = open.with(TextNetworks.open(pack, window, tokenizer.get(), settings));
      }
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
    return new OpenPackage(denoiser, Optional.of(networks), codec);
  }

  private OpenPackage with(OrtLatentCodec networks) {
    return new OpenPackage(denoiser, texts, Optional.of(networks));
  }

  /** SHA-256 of what each network gives for fixed inputs, given that of the denoising one. */
  Map<String, String> answers(String unet, ModelCard card) {
    Map<String, String> answers = new TreeMap<>(Map.of("unet", unet));
    texts.ifPresent(networks -> answers.putAll(networks.answers()));
    codec.ifPresent(networks -> answers.putAll(networks.answers(card)));
    return answers;
  }

  /** The networks are known to end: their runs are not bounded in time any more. */
  void proven() {
    denoiser.session().proven();
    texts.ifPresent(TextNetworks::proven);
    codec.ifPresent(OrtLatentCodec::proven);
  }

  @Override
  public void close() {
    denoiser.session().close();
    texts.ifPresent(TextNetworks::close);
    codec.ifPresent(OrtLatentCodec::close);
  }
}
