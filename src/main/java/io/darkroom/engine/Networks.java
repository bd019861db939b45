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

  /** The text encoder, if the package has one. */
  Optional<TextEncoder> textEncoder();

  /** The tokenizer of the text encoder, if the package has one. Any thread. */
  Optional<Tokenizer> tokenizer();

  /** The autoencoder, if the package has one. */
  Optional<LatentCodec> latentCodec();

  /** The device for the fingerprint, with the verdict of the self-test. */
  Fingerprint.Device device();

  /** Further results of the self-test. */
  default Findings findings() {
    return Findings.NONE;
  }

  @Override
  void close();
}
