package io.darkroom.onnx;

import io.darkroom.job.Fingerprint;
import io.darkroom.job.Tier;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Config;
import io.darkroom.model.Findings;
import io.darkroom.model.LatentColors;
import io.darkroom.model.Profile;
import java.util.Map;
import java.util.Optional;

/**
 * Proves what a package keeps on this device: which numbers of rows give the same bits, and that
 * its networks give the known answers; measures its rows and its memory. Engine thread only.
 */
final class PackageProver {
  private static final String ROWS = "rows_per_call";

  private final ModelPackage pack;
  private final NetworkSettings settings;
  private final Opening opening;

  PackageProver(ModelPackage pack, NetworkSettings settings, Opening opening) {
    this.pack = pack;
    this.settings = settings;
    this.opening = opening;
  }

  /**
   * What the first self-test found.
   *
   * @param rows that calls may have
   * @param device for the fingerprint
   * @param findings of the test
   */
  record Proof(BatchSizes rows, Fingerprint.Device device, Findings findings) {}

  /**
   * Proves the networks for the first time.
   *
   * @param tally begun before they were opened
   * @throws BrokenPackage where rows depend on one another more than the tier allows, or a network
   *     gives another answer than the one that is known
   */
  Proof prove(OpenPackage open, MemoryTally tally) throws BrokenPackage {
    boolean exact = settings.tier() == Tier.EXACT;
    Profile before = exact ? Profile.NONE : profile(open);
    SelfTest.Verdict verdict =
        SelfTest.run(open.denoiser(), pack.card(), settings.tier(), mostRows(before));
    Map<String, String> answers = open.answers(verdict.sha256(), pack.card());
    Fingerprint.Device device = device(verdict.rows(), open.denoiser());
    tally.tested();
    Profile profile = exact ? profile(open) : before;
    boolean known =
        new AnswerCheck(opening.known(), settings.tier()).known(pack, device, answers, profile);
    Optional<LatentColors> colors = colors(open);
    Findings.Memory memory = tally.loaded(pack);
    return new Proof(verdict.rows(), device, new Findings(answers, known, memory, profile, colors));
  }

  /**
   * Proves networks that were opened again: they must give what they gave at first.
   *
   * @throws BrokenPackage where they do not
   */
  void proveAgain(OpenPackage open, Proof first) throws BrokenPackage {
    if (settings.tier() != Tier.FAST) {
      String sha256 = SelfTest.answer(open.denoiser(), pack.card(), first.rows().most());
      AnswerCheck.compare(first.findings().answers(), open.answers(sha256, pack.card()));
    }
  }

  private Profile profile(OpenPackage open) {
    return Profiling.measure(open.denoiser(), pack.card(), opening);
  }

  private Optional<LatentColors> colors(OpenPackage open) throws BrokenPackage {
    return open.codec().isPresent()
        ? PackageColors.of(pack.folder(), open.codec().get(), pack.card())
        : Optional.empty();
  }

  /**
   * Rows of a call: as configured for this package, else as the package says, else as the profile
   * proposes; never the last in the exact tier, where no measuring of time may decide on bits.
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
    String precision = loading.signature().precision();
    return settings.provider() instanceof Provider.Cuda cuda
        ? CudaDevice.of(cuda, settings, rows, precision)
        : CpuDevice.of(settings, rows, precision);
  }
}
