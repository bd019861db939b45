package io.darkroom.engine;

import io.darkroom.job.Fingerprint;
import io.darkroom.model.Findings;
import io.darkroom.model.ModelCard;
import java.util.Optional;

/**
 * The loaded networks of one model package. Used and closed by the engine thread only: a session
 * stays on the thread that opened it.
 */
public interface Networks extends AutoCloseable {

  /** The package. */
  ModelCard card();

  /** The denoising network. */
  Denoiser denoiser();

  /** The text encoder, where the package has one. */
  Optional<TextEncoder> textEncoder();

  /** The text encoder's tokenizer, where the package has one; for any thread. */
  Optional<Tokenizer> tokenizer();

  /** The autoencoder's decoder, where the package has one. */
  Optional<LatentDecoder> latentDecoder();

  /** What computes, for the fingerprint; with the verdict of the self-test. */
  Fingerprint.Device device();

  /** What the self-test found beside. */
  default Findings findings() {
    return Findings.NONE;
  }

  @Override
  void close();
}
