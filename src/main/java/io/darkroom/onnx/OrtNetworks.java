package io.darkroom.onnx;

import io.darkroom.engine.Denoiser;
import io.darkroom.engine.LatentCodec;
import io.darkroom.engine.Networks;
import io.darkroom.engine.TextEncoder;
import io.darkroom.engine.Tokenizer;
import io.darkroom.job.Fingerprint;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Findings;
import io.darkroom.model.ModelCard;
import java.util.Optional;

/**
 * The networks of a package over ONNX Runtime. They belong to the thread that opens them; the
 * tokenizer may be used by every thread.
 */
public final class OrtNetworks implements Networks {
  private final ModelCard card;
  private final OpenPackage open;
  private final OrtDenoiser denoiser;
  private final PackageProver.Proof proof;

  OrtNetworks(ModelCard card, OpenPackage open, PackageProver.Proof proof) {
    this.card = card;
    this.open = open;
    this.denoiser = open.denoiser().denoiser(proof.rows());
    this.proof = proof;
  }

  /** Opens a package once, held to the answers that are known in the package itself. */
  public static OrtNetworks load(ModelPackage pack, NetworkSettings settings) throws BrokenPackage {
    return load(pack, settings, KnownAnswers.inPackages());
  }

  /** Opens a package once, held to given answers. */
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
    return open.texts().map(TextNetworks::tokenizer);
  }

  @Override
  public Optional<TextEncoder> textEncoder() {
    return open.texts().map(TextNetworks::encoder);
  }

  @Override
  public Optional<LatentCodec> latentCodec() {
    return open.codec().map(LatentCodec.class::cast);
  }

  @Override
  public Fingerprint.Device device() {
    return proof.device();
  }

  @Override
  public Findings findings() {
    return proof.findings();
  }

  @Override
  public void close() {
    denoiser.close();
    open.close();
  }
}
