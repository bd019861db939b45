package io.darkroom.onnx;

import io.darkroom.diffusion.FeatureCache;
import io.darkroom.engine.Denoiser;
import io.darkroom.engine.LatentCodec;
import io.darkroom.engine.Networks;
import io.darkroom.engine.Pass;
import io.darkroom.engine.TextEncoder;
import io.darkroom.engine.Tokenizer;
import io.darkroom.job.Fingerprint;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Findings;
import io.darkroom.model.ModelCard;
import io.darkroom.plan.Stage;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The networks of a package on ONNX Runtime. They belong to the thread that opens them; the
 * tokenizers may be used by any thread.
 */
public final class OrtNetworks implements Networks {
  private final OpenPackage open;
  private final Map<String, Tokenizer> tokenizers;
  private final OrtDenoiser denoiser;
  private final Map<String, OrtDenoiser> adapted = new HashMap<>();
  private final PackageProver.Proof proof;
  private final SplitNetworks splits;

  OrtNetworks(
      OpenPackage open,
      Map<String, Tokenizer> tokenizers,
      PackageProver.Proof proof,
      SplitNetworks splits) {
    this.open = open;
    this.tokenizers = tokenizers;
    this.denoiser = open.denoiser().denoiser(proof.rows(), proof.lanes());
    this.proof = proof;
    this.splits = splits;
    open.adapted()
        .forEach(
            (name, loading) -> {
              SelfTest.Verdict verdict = Objects.requireNonNull(proof.adapted().get(name));
              adapted.put(name, loading.denoiser(verdict.rows(), verdict.lanes()));
            });
  }

  /** Opens a package once and compares it with the known answers in the package. */
  public static OrtNetworks load(ModelPackage pack, NetworkSettings settings) throws BrokenPackage {
    return load(pack, settings, KnownAnswers.inPackages());
  }

  /** Opens a package once and compares it with the given answers. */
  public static OrtNetworks load(ModelPackage pack, NetworkSettings settings, KnownAnswers known)
      throws BrokenPackage {
    return new PackageOpener(pack, settings, Opening.comparedWith(known)).call();
  }

  @Override
  public ModelCard card() {
    return proof.card();
  }

  @Override
  public Denoiser denoiser() {
    return denoiser;
  }

  @Override
  public Denoiser denoiser(String adapter) {
    Denoiser found = adapted.get(adapter);
    return found == null ? Networks.super.denoiser(adapter) : found;
  }

  @Override
  public Denoiser denoiser(String adapter, Pass pass) {
    return pass.equals(Pass.WHOLE) ? denoiser(adapter) : splits.denoiser(pass);
  }

  @Override
  public long bytesFor(Stage stage) {
    long whole = Networks.super.bytesFor(stage);
    return whole + splits.bytesWith(stage.cache().map(FeatureCache::depth).orElse(0));
  }

  @Override
  public Map<String, Tokenizer> tokenizers() {
    return tokenizers;
  }

  @Override
  public Map<String, TextEncoder> textEncoders() {
    return open.texts().ports();
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
    adapted.values().forEach(OrtDenoiser::close);
    denoiser.close();
    splits.close();
    open.close();
  }
}
