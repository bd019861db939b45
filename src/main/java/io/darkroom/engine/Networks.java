package io.darkroom.engine;

import io.darkroom.job.Fingerprint;
import io.darkroom.model.Findings;
import io.darkroom.model.ModelCard;
import io.darkroom.plan.Stage;
import java.util.Map;
import java.util.Optional;

/**
 * The loaded networks of one model package. Used and closed by the engine thread only: a session
 * stays on the thread that opened it.
 */
public interface Networks extends AutoCloseable {

  /** Returns the facts of the package. */
  ModelCard card();

  /** Returns the denoising network. */
  Denoiser denoiser();

  /**
   * Returns the denoising network with an adapter, whose rows cannot share a call with those of
   * another one.
   *
   * @param adapter its name; empty for the network without adapters
   */
  default Denoiser denoiser(String adapter) {
    if (adapter.isEmpty()) {
      return denoiser();
    }
    throw DeviceFailure.refused("loras: " + card().name() + " has no " + adapter);
  }

  /**
   * Returns the part of the denoising network that a pass runs.
   *
   * @param adapter its adapter; empty for the network without adapters
   * @throws DeviceFailure if the network cannot be split, or if there is no memory for its parts
   */
  default Denoiser denoiser(String adapter, Pass pass) {
    if (pass.equals(Pass.WHOLE)) {
      return denoiser(adapter);
    }
    throw DeviceFailure.refused("cache: " + card().name() + " cannot be split");
  }

  /** Returns the bytes of the open package if calls also have the samples and parts of a stage. */
  default long bytesFor(Stage stage) {
    return findings().bytesWith(stage.sample());
  }

  /** Returns the text encoders, by component. */
  default Map<String, TextEncoder> textEncoders() {
    return Map.of();
  }

  /** Returns the tokenizers of the text encoders, by the component of the encoder. Any thread. */
  default Map<String, Tokenizer> tokenizers() {
    return Map.of();
  }

  /** Returns the autoencoder, if the package has one. */
  Optional<LatentCodec> latentCodec();

  /** Returns the device for the fingerprint, with the tier proven by the self-test. */
  Fingerprint.Device device();

  /** Returns further results of the self-test. */
  default Findings findings() {
    return Findings.NONE;
  }

  @Override
  void close();
}
