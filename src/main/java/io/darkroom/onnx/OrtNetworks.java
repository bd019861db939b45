package io.darkroom.onnx;

import io.darkroom.engine.Denoiser;
import io.darkroom.engine.DeviceFailure;
import io.darkroom.engine.LatentDecoder;
import io.darkroom.engine.Networks;
import io.darkroom.engine.TextEncoder;
import io.darkroom.engine.Tokenizer;
import io.darkroom.job.Fingerprint;
import io.darkroom.plan.ModelCard;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * The networks of a package over ONNX Runtime on the CPU. They belong to the thread that loads
 * them; the tokenizer is everybody's.
 */
public final class OrtNetworks implements Networks {
  private static final Logger LOG = Logger.getLogger(OrtNetworks.class);

  private final ModelCard card;
  private final Session session;
  private final OrtDenoiser denoiser;
  private final Optional<TextNetworks> texts;
  private final Fingerprint.Device device;

  private OrtNetworks(
      ModelCard card,
      Session session,
      OrtDenoiser denoiser,
      Optional<TextNetworks> texts,
      Fingerprint.Device device) {
    this.card = card;
    this.session = session;
    this.denoiser = denoiser;
    this.texts = texts;
    this.device = device;
  }

  /**
   * Loads a package, proves how its network takes timesteps and tests whether rows depend on one
   * another.
   *
   * @throws BrokenPackage where a network cannot be loaded or run, or where rows depend on one
   *     another although the exact tier is asked for
   */
  public static OrtNetworks load(ModelPackage pack, NetworkSettings settings) throws BrokenPackage {
    String name = pack.card().name();
    try {
      return loaded(pack, settings);
    } catch (BrokenPackage e) {
      throw e.in(name);
    } catch (DeviceFailure e) {
      throw new BrokenPackage(ModelPackage.UNET, "", "cannot be run: " + e.getMessage(), e)
          .in(name);
    }
  }

  private static OrtNetworks loaded(ModelPackage pack, NetworkSettings settings)
      throws BrokenPackage {
    long begin = System.nanoTime();
    ModelCard card = pack.card();
    DenoiserLoading loading = DenoiserLoading.load(pack, settings.threads());
    boolean loaded = false;
    try {
      SelfTest.Verdict verdict = verdict(loading, card, settings);
      OrtDenoiser denoiser = loading.denoiser(settings.mostRows(), verdict.fewestRows());
      OrtNetworks networks =
          new OrtNetworks(
              card,
              loading.session(),
              denoiser,
              texts(pack, settings.threads()),
              CpuDevice.of(settings, denoiser.fewestRows(), denoiser.mostRows()));
      loaded = true;
      LOG.infof(
          "model loaded model=%s sha256=%s timestep=%s rows=%d-%d exact=%b millis=%d",
          card.name(),
          card.sha256(),
          loading.sharedTimestep() ? "shared" : "per-row",
          denoiser.fewestRows(),
          denoiser.mostRows(),
          verdict.exact(),
          (System.nanoTime() - begin) / 1_000_000);
      return networks;
    } finally {
      if (!loaded) {
        loading.session().close();
      }
    }
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
  public void close() {
    denoiser.close();
    session.close();
    texts.ifPresent(TextNetworks::close);
  }

  private static SelfTest.Verdict verdict(
      DenoiserLoading loading, ModelCard card, NetworkSettings settings) throws BrokenPackage {
    SelfTest.Verdict verdict = SelfTest.run(loading, card, settings.mostRows());
    if (!verdict.exact() && settings.tier() == NetworkSettings.Tier.EXACT) {
      throw new BrokenPackage(
          ModelPackage.UNET,
          "",
          "a row's bits depend on the rows beside it, which the exact tier does not allow");
    }
    return verdict;
  }

  private static Optional<TextNetworks> texts(ModelPackage pack, int threads) throws BrokenPackage {
    return pack.card().layout() instanceof ModelCard.Layout.TextToImage layout
        ? Optional.of(TextNetworks.open(pack.folder(), layout, threads))
        : Optional.empty();
  }
}
