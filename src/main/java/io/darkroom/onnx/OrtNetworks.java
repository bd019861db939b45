package io.darkroom.onnx;

import io.darkroom.engine.Denoiser;
import io.darkroom.engine.DeviceFailure;
import io.darkroom.engine.Findings;
import io.darkroom.engine.LatentDecoder;
import io.darkroom.engine.Networks;
import io.darkroom.engine.TextEncoder;
import io.darkroom.engine.Tokenizer;
import io.darkroom.job.Fingerprint;
import io.darkroom.plan.ModelCard;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jboss.logging.Logger;

/**
 * The networks of a package over ONNX Runtime. They belong to the thread that loads them; the
 * tokenizer is everybody's.
 */
public final class OrtNetworks implements Networks {
  private static final Logger LOG = Logger.getLogger(OrtNetworks.class);

  private final ModelCard card;
  private final Session session;
  private final OrtDenoiser denoiser;
  private final Optional<TextNetworks> texts;
  private final Fingerprint.Device device;
  private final Findings findings;

  private OrtNetworks(
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
  private record Proof(Fingerprint.Device device, Findings findings) {}

  /** As below, held to the answers that are known in the package itself. */
  public static OrtNetworks load(ModelPackage pack, NetworkSettings settings) throws BrokenPackage {
    return load(pack, settings, KnownAnswers.inPackages());
  }

  /**
   * Loads a package, proves how its network takes timesteps and tests whether it keeps what the
   * tier promises.
   *
   * @throws BrokenPackage where a network cannot be loaded or run; {@link BrokenPackage#inexact()}
   *     where rows depend on one another more than the tier allows, or where a network gives
   *     another answer than the one that is known
   */
  public static OrtNetworks load(ModelPackage pack, NetworkSettings settings, KnownAnswers known)
      throws BrokenPackage {
    String name = pack.card().name();
    try {
      return loaded(pack, settings, known);
    } catch (BrokenPackage e) {
      throw e.in(name);
    } catch (DeviceFailure e) {
      throw new BrokenPackage(ModelPackage.UNET, "", "cannot be run: " + e.getMessage(), e)
          .in(name);
    }
  }

  private static OrtNetworks loaded(ModelPackage pack, NetworkSettings settings, KnownAnswers known)
      throws BrokenPackage {
    long begin = System.nanoTime();
    DenoiserLoading loading = DenoiserLoading.load(pack, settings);
    Optional<TextNetworks> texts = Optional.empty();
    boolean loaded = false;
    try {
      texts = texts(pack, settings);
      OrtNetworks networks = proven(pack, loading, texts, settings, known);
      loaded = true;
      networks.report(loading.sharedTimestep(), System.nanoTime() - begin);
      return networks;
    } finally {
      if (!loaded) {
        loading.session().close();
        texts.ifPresent(TextNetworks::close);
      }
    }
  }

  private static OrtNetworks proven(
      ModelPackage pack,
      DenoiserLoading loading,
      Optional<TextNetworks> texts,
      NetworkSettings settings,
      KnownAnswers known)
      throws BrokenPackage {
    ModelCard card = pack.card();
    SelfTest.Verdict verdict = SelfTest.run(loading, card, settings.tier(), settings.mostRows());
    Map<String, String> answers = new TreeMap<>(Map.of("unet", verdict.sha256()));
    texts.ifPresent(networks -> answers.putAll(networks.answers(card)));
    Fingerprint.Device device = device(settings, verdict.rows(), loading);
    Findings findings =
        new Findings(answers, new AnswerCheck(known, settings.tier()).known(pack, device, answers));
    OrtDenoiser denoiser = loading.denoiser(verdict.rows());
    return new OrtNetworks(card, loading.session(), denoiser, texts, new Proof(device, findings));
  }

  private static Fingerprint.Device device(
      NetworkSettings settings, RowLadder rows, DenoiserLoading loading) {
    String precision = loading.doors().precision();
    return settings.provider() instanceof Provider.Cuda cuda
        ? CudaDevice.of(cuda, settings, rows, precision)
        : CpuDevice.of(settings, rows, precision);
  }

  private void report(boolean sharedTimestep, long nanos) {
    LOG.infof(
        "model loaded model=%s sha256=%s timestep=%s tier=%s rows=%s answers=%s millis=%d",
        card.name(),
        card.sha256(),
        sharedTimestep ? "shared" : "per-row",
        device.tier(),
        device.rowsPerCall(),
        findings.answersKnown() ? "known" : "new",
        nanos / 1_000_000);
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

  private static Optional<TextNetworks> texts(ModelPackage pack, NetworkSettings settings)
      throws BrokenPackage {
    return pack.card().layout() instanceof ModelCard.Layout.TextToImage layout
        ? Optional.of(TextNetworks.open(pack.folder(), layout, settings))
        : Optional.empty();
  }
}
