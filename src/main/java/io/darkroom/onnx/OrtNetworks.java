package io.darkroom.onnx;

import io.darkroom.engine.Denoiser;
import io.darkroom.engine.LatentDecoder;
import io.darkroom.engine.Networks;
import io.darkroom.engine.TextEncoder;
import io.darkroom.engine.Tokenizer;
import io.darkroom.job.Fingerprint;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Findings;
import io.darkroom.model.ModelCard;
import java.util.Optional;

/**
 * The networks of a package over ONNX Runtime. They belong to the thread that loads them; the
 * tokenizer is everybody's.
 */
public final class OrtNetworks implements Networks {
  private final ModelCard card;
  private final Session session;
  private final OrtDenoiser denoiser;
  private final Optional<TextNetworks> texts;
  private final Fingerprint.Device device;
  private final Findings findings;

  OrtNetworks(
      ModelCard card,
      Session session,
      OrtDenoiser denoiser,
      Optional<TextNetworks> texts,
      Proof proof) {
    this.card = card;
    this.session = session;
    this.denoiser = denoiser;
    this.texts = texts;
    this.device = proof.device();
    this.findings = proof.findings();
  }

  /** What computes, and what the self-test found. */
  record Proof(Fingerprint.Device device, Findings findings) {}

  /** As below, held to the answers that are known in the package itself. */
  public static OrtNetworks load(ModelPackage pack, NetworkSettings settings) throws BrokenPackage {
    return load(pack, settings, KnownAnswers.inPackages());
  }

  /** Opens a package once, as {@link PackageOpener} does. */
  public static OrtNetworks load(ModelPackage pack, NetworkSettings settings, KnownAnswers known)
      throws BrokenPackage {
    return new PackageOpener(pack, settings, Opening.heldTo(known)).call();
  }

  @Override
  public ModelCard card() {
    return card;
  }

  @Override
  public Denoiser denoiser() {
    return denoiser;
  }

  @Override
  public Optional<Tokenizer> tokenizer() {
    return texts.map(TextNetworks::tokenizer);
  }

  @Override
  public Optional<TextEncoder> textEncoder() {
    return texts.map(TextNetworks::encoder);
  }

  @Override
  public Optional<LatentDecoder> latentDecoder() {
    return texts.map(TextNetworks::decoder);
  }

  @Override
  public Fingerprint.Device device() {
    return device;
  }

  @Override
  public Findings findings() {
    return findings;
  }

  @Override
  public void close() {
    denoiser.close();
    session.close();
    texts.ifPresent(TextNetworks::close);
  }
}
