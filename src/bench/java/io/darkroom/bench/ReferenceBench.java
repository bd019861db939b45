package io.darkroom.bench;

import io.darkroom.engine.Denoiser;
import io.darkroom.image.MalformedNpy;
import io.darkroom.image.Npy;
import io.darkroom.job.Tier;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Conditioning;
import io.darkroom.model.Shape;
import io.darkroom.onnx.NetworkSettings;
import io.darkroom.onnx.OrtNetworks;
import io.darkroom.onnx.PackageReader;
import io.darkroom.onnx.Provider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Runs one row of each network whose exporter stored inputs and output in {@code unet/reference},
 * with the worker's code.
 */
final class ReferenceBench {
  private static final Path FOLDER = Path.of("unet", "reference");
  private static final String HIDDEN_STATES = "encoder_hidden_states";
  private static final int MOST = 1 << 24;

  private final Provider provider;

  ReferenceBench(Provider provider) {
    this.provider = provider;
  }

  /** Returns whether the package has a stored row. */
  static boolean has(MeasuredPackage measured) {
    return Files.isDirectory(measured.folder().resolve(FOLDER));
  }

  ReferenceFigure measure(MeasuredPackage measured)
      throws BrokenPackage, IOException, MalformedNpy {
    Path folder = measured.folder().resolve(FOLDER);
    Npy sample = read(folder, "sample");
    Shape shape = new Shape(sample.shape().get(1), sample.shape().get(2), sample.shape().get(3));
    float[] expected = read(folder, "out_sample").floats();
    // Batch invariance is tested elsewhere; here every further call would cost minutes.
    NetworkSettings settings = new NetworkSettings(1, 2, Tier.FAST, provider);
    try (OrtNetworks networks = OrtNetworks.load(PackageReader.read(measured.folder()), settings)) {
      Denoiser.Call call = networks.denoiser().call(shape);
      call.sample(0).put(sample.floats());
      call.timestep(0, read(folder, "timestep").floats()[0]);
      float[] states = read(folder, HIDDEN_STATES).floats();
      call.condition(0, new Conditioning(Map.of(), Map.of(HIDDEN_STATES, states), new float[0]));
      long begin = System.nanoTime();
      call.run(1);
      double millis = (System.nanoTime() - begin) / 1e6;
      float[] given = new float[call.outputSize()];
      call.output(0, given);
      return figure(measured, networks, millis, expected, given);
    }
  }

  private static ReferenceFigure figure(
      MeasuredPackage measured,
      OrtNetworks networks,
      double millis,
      float[] expected,
      float[] given) {
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs((double) expected[i] - given[i]));
    }
    return new ReferenceFigure(
        measured.name(),
        networks.device().provider(),
        networks.device().precision(),
        largest,
        difference,
        difference / largest,
        millis);
  }

  private static Npy read(Path folder, String name) throws IOException, MalformedNpy {
    return Npy.read(Files.readAllBytes(folder.resolve(name + ".npy")), MOST);
  }
}
