package io.darkroom.onnx;

import io.darkroom.engine.Tensor;
import io.darkroom.image.Sha256;
import io.darkroom.plan.ModelCard;
import io.darkroom.plan.ModelCard.Layout.TextToImage;
import java.nio.file.Path;
import java.util.Map;

/** What a package that makes pictures from texts has beside its denoiser. */
record TextNetworks(ClipTokenizer tokenizer, OrtTextEncoder encoder, OrtLatentDecoder decoder) {

  /**
   * @param tokenizer outlives the networks, since other threads use it
   */
  static TextNetworks open(
      Path folder, TextToImage layout, ClipTokenizer tokenizer, NetworkSettings settings)
      throws BrokenPackage {
    OrtTextEncoder encoder = OrtTextEncoder.open(folder, layout.maxTokens(), settings);
    boolean opened = false;
    try {
      OrtLatentDecoder decoder = OrtLatentDecoder.open(folder, layout.latents(), settings);
      opened = true;
      return new TextNetworks(tokenizer, encoder, decoder);
    } finally {
      if (!opened) {
        encoder.close();
      }
    }
  }

  /** Digests of what the networks give for inputs that are always the same. */
  Map<String, String> answers(ModelCard card) {
    Tensor picture = decoder.decode(decoder.probe(card.network()));
    return Map.of("text_encoder", encoder.answer(), "vae_decoder", Sha256.of(picture.values()));
  }

  /** The networks are known to end. */
  void proven() {
    encoder.proven();
    decoder.proven();
  }

  void close() {
    encoder.close();
    decoder.close();
  }
}
