package io.darkroom.app.cli;

import static java.util.stream.Collectors.toMap;

import io.darkroom.job.Fingerprint;
import io.darkroom.job.RenderRequest;
import io.darkroom.job.Size;
import io.darkroom.model.ModelCard;
import io.darkroom.onnx.DeviceDescription;
import io.darkroom.onnx.ModelPackage;
import io.darkroom.onnx.NetworkSettings;
import io.darkroom.plan.PlanDigest;
import io.darkroom.plan.Planner;
import io.darkroom.replay.WorkerMatch;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The fingerprints of renders on this machine, from packages that are read but not loaded.
 *
 * @param packages by name
 * @param devices this machine for each package; without the precision and the rows per call
 * @param version of this program
 * @param plans of recorded requests
 */
record LocalFingerprints(
    Map<String, ModelPackage> packages,
    Map<String, Fingerprint.Device> devices,
    String version,
    RecordedPlans plans)
    implements WorkerMatch.Here {

  LocalFingerprints {
    packages = Map.copyOf(packages);
    devices = Map.copyOf(devices);
  }

  /** Asks for the device once. On a GPU, its driver answers. */
  static LocalFingerprints of(
      Map<String, ModelPackage> packages,
      NetworkSettings settings,
      String version,
      Planner planner) {
    Map<String, ModelCard> cards =
        packages.entrySet().stream()
            .collect(toMap(Map.Entry::getKey, each -> each.getValue().card()));
    Fingerprint.Device device = DeviceDescription.of(settings, "", "");
    return new LocalFingerprints(
        packages,
        packages.entrySet().stream()
            .collect(
                toMap(
                    Map.Entry::getKey,
                    each -> DeviceDescription.of(device, settings, each.getValue()))),
        version,
        new RecordedPlans(cards, planner));
  }

  @Override
  public Optional<List<String>> plans(RenderRequest request, int stage, Optional<Size> result) {
    return plans
        .of(request, stage, result)
        .map(plan -> plan.stages().stream().map(PlanDigest::of).toList());
  }

  /**
   * {@inheritDoc} The precision follows from the package. The rows per call do not affect pixels in
   * the exact tier.
   */
  @Override
  public Optional<Fingerprint> of(String model, Fingerprint recorded) {
    ModelPackage found = packages.get(model);
    Fingerprint.Device device = devices.get(model);
    return found == null || device == null
        ? Optional.empty()
        : Optional.of(fingerprint(found, device, recorded));
  }

  private Fingerprint fingerprint(
      ModelPackage found, Fingerprint.Device device, Fingerprint recorded) {
    return new Fingerprint(
        recorded.planSha256(),
        found.card().sha256(),
        found.card().components(),
        found.card().schedulerSha256(),
        recorded.generator(),
        device.withNetworksOf(recorded.device()),
        version);
  }
}
