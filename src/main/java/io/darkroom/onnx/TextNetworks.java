package io.darkroom.onnx;

import io.darkroom.plan.ModelCard.Layout.TextToImage;
import java.nio.file.Path;

/** What a package that makes pictures from texts has beside its denoiser. */
record TextNetworks(ClipTokenizer tokenizer, OrtTextEncoder encoder, OrtLatentDecoder decoder) {

  static TextNetworks open(Path folder, TextToImage layout, int threads) throws BrokenPackage {
    ClipTokenizer tokenizer = ClipTokenizer.read(folder, layout.maxTokens());
    OrtTextEncoder encoder = OrtTextEncoder.open(folder, layout.maxTokens(), threads);
    boolean opened = false;
    try {
      OrtLatentDecoder decoder = OrtLatentDecoder.open(folder, layout.latents(), threads);
      opened = true;
      return new TextNetworks(tokenizer, encoder, decoder);
    } finally {
      if (!opened) {
        encoder.close();
      }
    }
  }

  void close() {
    encoder.close();
    decoder.close();
  }
}
