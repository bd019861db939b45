package io.darkroom.onnx;

import io.darkroom.model.BrokenPackage;
import io.darkroom.model.ModelCard;
import io.darkroom.model.Tensor;
import io.darkroom.text.Sha256;
import java.util.Map;

/** The text encoder and the latent decoder of a package, with its tokenizer. */
record TextNetworks(ClipTokenizer tokenizer, OrtTextEncoder encoder, OrtLatentDecoder decoder) {

  /**
   * @param window token ids per text
   * @param tokenizer outlives the networks, since other threads use it
   */
  static TextNetworks open(
      ModelPackage pack, int window, ClipTokenizer tokenizer, NetworkSettings settings)
      throws BrokenPackage {
    OrtTextEncoder encoder = OrtTextEncoder.open(pack.folder(), window, settings);
    boolean opened = false;
    try {
      OrtLatentDecoder decoder =
          OrtLatentDecoder.open(pack.folder(), pack.card().space(), settings);
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
    Tensor picture = decoder.decode(decoder.input(card.network()));
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
