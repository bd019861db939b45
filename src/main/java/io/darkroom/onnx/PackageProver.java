package io.darkroom.onnx;

import io.darkroom.engine.DeviceFailure;
import io.darkroom.job.Fingerprint;
import io.darkroom.job.Tier;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Config;
import io.darkroom.model.Findings;
import io.darkroom.model.LatentColors;
import io.darkroom.model.ModelCard;
import io.darkroom.model.Profile;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Tests a package on this device: finds the numbers of rows that give the same bits, compares the
 * networks' outputs with the known answers, and measures rows and memory. Engine thread only.
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
   * Results of the first self-test.
   *
   * @param card the package with the sizes and timesteps that its network accepts
   * @param rows allowed rows of calls
   * @param lanes lanes over which calls are split
   * @param adapted results of the network with each adapter, by name
   * @param device device for the fingerprint
   * @param findings further results
   */
  record Proof(
      ModelCard card,
      BatchSizes rows,
      Lanes lanes,
      Map<String, SelfTest.Verdict> adapted,
      Fingerprint.Device device,
      Findings findings) {}

  /**
   * Tests the networks for the first time.
   *
   * @param tally started before they were opened
   * @throws BrokenPackage if rows depend on one another more than the tier allows, or if a
   *     network's output differs from the known answer
   */
  Proof prove(OpenPackage open, MemoryTally tally) throws BrokenPackage {
    boolean exact = settings.tier() == Tier.EXACT;
    Profile before = exact ? Profile.NONE : profile(open);
    SelfTest.Verdict verdict =
        SelfTest.run(open.denoiser(), pack.card(), settings.tier(), mostRows(before));
    Map<String, SelfTest.Verdict> adapted = adapted(open, verdict.rows().most());
    Map<String, String> digests = new TreeMap<>();
    adapted.forEach((name, each) -> digests.put(name, each.sha256()));
    Map<String, String> answers = open.answers(pack, verdict.sha256(), digests);
    Fingerprint.Device device = device(verdict.rows(), open.denoiser());
    tally.tested();
    ModelCard card = AcceptedInputs.refined(open.denoiser(), pack.card());
    Profile profile = exact ? profile(open) : before;
    boolean known =
        new AnswerCheck(opening.known(), settings.tier()).known(pack, device, answers, profile);
    Optional<LatentColors> colors = colors(open);
    Findings.Memory memory = tally.loaded(pack);
    Findings findings = new Findings(answers, known, memory, profile, colors);
    return new Proof(card, verdict.rows(), verdict.lanes(), adapted, device, findings);
  }

  /**
   * Tests networks that were opened again: their outputs must equal the first ones.
   *
   * @throws BrokenPackage if they do not
   */
  void proveAgain(OpenPackage open, Proof first) throws BrokenPackage {
    if (settings.tier() != Tier.FAST) {
      String sha256 = SelfTest.answer(open.denoiser(), pack.card(), first.rows().most());
      Map<String, String> digests = new TreeMap<>();
      for (Map.Entry<String, DenoiserLoading> each : open.adapted().entrySet()) {
        int most = Objects.requireNonNull(first.adapted().get(each.getKey())).rows().most();
        digests.put(each.getKey(), SelfTest.answer(each.getValue(), pack.card(), most));
      }
      AnswerCheck.compare(first.findings().answers(), open.answers(pack, sha256, digests));
    }
  }

  /**
   * Tests the network with each adapter.
   *
   * @throws BrokenPackage if the network does not accept one
   */
  private Map<String, SelfTest.Verdict> adapted(OpenPackage open, int mostRows)
      throws BrokenPackage {
    Map<String, SelfTest.Verdict> verdicts = new TreeMap<>();
    for (Map.Entry<String, DenoiserLoading> each : open.adapted().entrySet()) {
      verdicts.put(each.getKey(), adapted(each.getValue(), mostRows));
    }
    return verdicts;
  }

  private SelfTest.Verdict adapted(DenoiserLoading adapted, int mostRows) throws BrokenPackage {
    try {
      return SelfTest.run(adapted, pack.card(), settings.tier(), mostRows);
    } catch (DeviceFailure e) {
      throw PackageOpener.broken(adapted.session().file(), e, true);
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
   * Returns the maximum rows of a call: as configured for this package, else as set by the package,
   * else as proposed by the profile. The exact tier never uses the profile, because measured times
   * must not affect bits.
   */
  private int mostRows(Profile profile) throws BrokenPackage {
    Integer configured = opening.rows().get(pack.card().name());
    if (configured != null) {
      return configured;
    }
    Config own =
        ConfigFile.read(pack.folder(), ModelPackage.denoiser(pack.folder()) + "/config.json");
    if (own.has(ROWS)) {
      return own.positive(ROWS);
    }
    return profile.points().isEmpty() ? settings.mostRows() : profile.bestRows();
  }

  private Fingerprint.Device device(BatchSizes rows, DenoiserLoading loading) {
    Fingerprint.Device device =
        DeviceDescription.of(settings, rows.toString(), loading.signature().precision());
    return loading.fused() ? DeviceDescription.fused(device) : device;
  }
}
