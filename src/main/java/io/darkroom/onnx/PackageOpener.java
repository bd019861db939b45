package io.darkroom.onnx;

import io.darkroom.engine.DeviceFailure;
import io.darkroom.engine.Networks;
import io.darkroom.job.Fingerprint;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Config;
import io.darkroom.model.Findings;
import io.darkroom.model.LatentColors;
import io.darkroom.model.Profile;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Opens the networks of a package, as often as they are needed. The first time it proves how the
 * network takes timesteps and what tier the package keeps; every later time the networks are held
 * to what they gave at the first. Used by the engine thread only.
 */
public final class PackageOpener implements Callable<Networks> {
  private static final Logger LOG = Logger.getLogger(PackageOpener.class);

  private static final String ROWS = "rows_per_call";

  private final ModelPackage pack;
  private final NetworkSettings settings;
  private final Opening opening;
  private @Nullable ClipTokenizer tokenizer;
  private @Nullable Proof proof;

  public PackageOpener(ModelPackage pack, NetworkSettings settings, Opening opening) {
    this.pack = pack;
    this.settings = settings;
    this.opening = opening;
  }

  /** What the first self-test found. */
  private record Proof(BatchSizes rows, Fingerprint.Device device, Findings findings) {}

  /**
   * The open networks, which belong to the calling thread.
   *
   * @throws BrokenPackage where a network cannot be loaded or run; {@link BrokenPackage#inexact()}
   *     where rows depend on one another more than the tier allows, or where a network gives
   *     another answer than the one that is known
   * @throws DeviceFailure where the device is lost, or has no memory for networks that it had room
   *     for before
   */
  @Override
  public OrtNetworks call() throws BrokenPackage {
    String name = pack.card().name();
    try {
      return opened();
    } catch (BrokenPackage e) {
      throw e.in(name);
    } catch (DeviceFailure e) {
      throw broken(e, proof == null).in(name);
    } catch (RunLimit.Exceeded e) {
      throw e.broken().in(name);
    } catch (OutOfMemoryError e) {
      throw broken(e).in(name);
    } catch (RuntimeException | StackOverflowError e) {
      // Whatever one package does, the others are served.
      LOG.errorf(e, "internal error while loading a package model=%s", name);
      throw new BrokenPackage(PackageFiles.TOP, "", "cannot be loaded: " + e, e).in(name);
    }
  }

  /**
   * That there is no heap for what the package asks for in its first test says something of the
   * package alone; what it had asked for is free again.
   */
  private BrokenPackage broken(OutOfMemoryError error) {
    if (proof != null) {
      throw error;
    }
    return new BrokenPackage(
        ModelPackage.UNET, "", "needs more memory than there is: " + error.getMessage(), error);
  }

  /**
   * What a failure says of the package: nothing where the device is lost, or is short of memory for
   * networks that it had room for before.
   *
   * @throws DeviceFailure as it is, where it says nothing of the package
   */
  static BrokenPackage broken(DeviceFailure failure, boolean firstTime) {
    boolean packages =
        switch (failure.kind()) {
          case REFUSED -> true;
          case OUT_OF_MEMORY -> firstTime;
          case LOST -> false;
        };
    if (!packages) {
      throw failure;
    }
    return new BrokenPackage(
        ModelPackage.UNET, "", "cannot be run: " + RunFailures.details(failure), failure);
  }

  private OrtNetworks opened() throws BrokenPackage {
    long begin = System.nanoTime();
    MemoryTally tally = new MemoryTally();
    DenoiserLoading loading = DenoiserLoading.load(pack, settings);
    Optional<TextNetworks> texts = Optional.empty();
    boolean opened = false;
    try {
      texts = texts();
      tally.opened();
      Proof now = proof == null ? proven(loading, texts, tally) : held(loading, texts, proof);
      OrtNetworks networks =
          new OrtNetworks(
              pack.card(),
              loading.session(),
              loading.denoiser(now.rows()),
              texts,
              new OrtNetworks.Proof(now.device(), now.findings()));
      opened = true;
      loading.session().proven();
      texts.ifPresent(TextNetworks::proven);
      proof = now;
      report(loading, now, System.nanoTime() - begin);
      return networks;
    } finally {
      if (!opened) {
        loading.session().close();
        texts.ifPresent(TextNetworks::close);
      }
    }
  }

  private Optional<TextNetworks> texts() throws BrokenPackage {
    if (pack.card().tokens().isEmpty()) {
      return Optional.empty();
    }
    int window = pack.card().tokens().getAsInt();
    ClipTokenizer words = tokenizer;
    if (words == null) {
      words = ClipTokenizer.read(pack.folder(), window);
      tokenizer = words;
    }
    return Optional.of(TextNetworks.open(pack, window, words, settings));
  }

  private Proof proven(DenoiserLoading loading, Optional<TextNetworks> texts, MemoryTally tally)
      throws BrokenPackage {
    boolean exact = settings.tier() == NetworkSettings.Tier.EXACT;
    Profile before = exact ? Profile.NONE : profile(loading);
    SelfTest.Verdict verdict =
        SelfTest.run(loading, pack.card(), settings.tier(), mostRows(before));
    Map<String, String> answers = answers(verdict.sha256(), texts);
    Fingerprint.Device device = device(verdict.rows(), loading);
    tally.tested();
    Profile profile = exact ? profile(loading) : before;
    boolean known =
        new AnswerCheck(opening.known(), settings.tier()).known(pack, device, answers, profile);
    Optional<LatentColors> colors =
        texts.isPresent()
            ? PackageColors.of(pack.folder(), texts.get().decoder(), pack.card())
            : Optional.empty();
    Findings.Memory memory = tally.loaded(pack);
    Findings findings = new Findings(answers, known, memory, profile, colors);
    return new Proof(verdict.rows(), device, findings);
  }

  private Profile profile(DenoiserLoading loading) {
    return Profiling.measure(loading, pack.card(), opening.profile());
  }

  /**
   * What the configuration says of this package, else what the package says, else what the profile
   * does: never in the exact tier, where no measuring of time may decide on bits.
   */
  private int mostRows(Profile profile) throws BrokenPackage {
    Integer configured = opening.rows().get(pack.card().name());
    if (configured != null) {
      return configured;
    }
    Config own = ConfigFile.read(pack.folder(), ModelPackage.UNET_CONFIG);
    if (own.has(ROWS)) {
      return own.positive(ROWS);
    }
    return profile.points().isEmpty() ? settings.mostRows() : profile.bestRows();
  }

  private Fingerprint.Device device(BatchSizes rows, DenoiserLoading loading) {
    String precision = loading.doors().precision();
    return settings.provider() instanceof Provider.Cuda cuda
        ? CudaDevice.of(cuda, settings, rows, precision)
        : CpuDevice.of(settings, rows, precision);
  }

  private Proof held(DenoiserLoading loading, Optional<TextNetworks> texts, Proof first)
      throws BrokenPackage {
    if (settings.tier() != NetworkSettings.Tier.FAST) {
      String sha256 = SelfTest.answer(loading, pack.card(), first.rows().most());
      AnswerCheck.compare(first.findings().answers(), answers(sha256, texts));
    }
    return first;
  }

  private Map<String, String> answers(String unet, Optional<TextNetworks> texts) {
    Map<String, String> answers = new TreeMap<>(Map.of("unet", unet));
    texts.ifPresent(networks -> answers.putAll(networks.answers(pack.card())));
    return answers;
  }

  private void report(DenoiserLoading loading, Proof now, long nanos) {
    LOG.infof(
        "model loaded model=%s sha256=%s timestep=\"%s\" tier=%s rows=%s answers=%s bytes=%d millis=%d"
            + " profile=\"%s\" proposed=%d",
        pack.card().name(),
        pack.card().sha256(),
        loading.sharedTimestep() ? "shared, a run for each that differs" : "per-row",
        now.device().tier(),
        now.device().rowsPerCall(),
        now.findings().answersKnown() ? "known" : "new",
        now.findings().bytes(),
        nanos / 1_000_000,
        now.findings().profile(),
        now.findings().profile().bestRows());
  }
}
