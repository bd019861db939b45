package io.darkroom.bench;

import io.darkroom.engine.DeviceFailure;
import io.darkroom.job.Tier;
import io.darkroom.model.BrokenPackage;
import io.darkroom.onnx.NetworkSettings;
import io.darkroom.onnx.OrtNetworks;
import io.darkroom.onnx.PackageReader;
import io.darkroom.onnx.Provider;
import java.util.ArrayList;
import java.util.List;

/** Runs the self-test of every tier, as a worker does at its start. */
final class TierBench {
  private static final int ROWS = 16;

  private final Provider provider;

  TierBench(Provider provider) {
    this.provider = provider;
  }

  List<TierFigure> measure(List<MeasuredPackage> measuredPackages) {
    List<TierFigure> figures = new ArrayList<>();
    for (MeasuredPackage measured : measuredPackages) {
      for (Tier tier : Tier.values()) {
        figures.add(figure(measured, tier));
      }
    }
    return figures;
  }

  private TierFigure figure(MeasuredPackage measured, Tier tier) {
    NetworkSettings settings = new NetworkSettings(1, ROWS, tier, provider);
    String on = provider.wire();
    try (OrtNetworks networks = OrtNetworks.load(PackageReader.read(measured.folder()), settings)) {
      String rows = networks.device().rowsPerCall();
      String sha256 = networks.findings().answers().getOrDefault("unet", "");
      String device = networks.device().name();
      return new TierFigure(measured.name(), on, tier.wire(), true, rows, device, sha256);
    } catch (BrokenPackage | DeviceFailure no) {
      String why = String.valueOf(no.getMessage());
      return new TierFigure(measured.name(), on, tier.wire(), false, why, "", "");
    }
  }
}
