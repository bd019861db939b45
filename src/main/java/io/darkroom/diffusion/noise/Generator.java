package io.darkroom.diffusion.noise;

import java.util.Arrays;
import java.util.Optional;

/** Whose numbers a seed means. */
public enum Generator {
  /** Those of PyTorch's CPU generator, bit for bit. */
  TORCH_CPU("torch_cpu"),
  /** Those of PyTorch's CUDA generator, to rounding. */
  TORCH_CUDA("torch_cuda"),
  /** Darkroom's own, of which any part can be made alone. */
  PHILOX("philox");

  private final String jsonName;

  Generator(String jsonName) {
    this.jsonName = jsonName;
  }

  /** A new source at the beginning of the seed's numbers; the seed is taken as unsigned. */
  public NoiseSource source(long seed) {
    return switch (this) {
      case TORCH_CPU -> new TorchCpuNoise(seed);
      case TORCH_CUDA -> new TorchCudaNoise(seed);
      case PHILOX -> new PhiloxNoise(seed);
    };
  }

  /** The name in requests and events. */
  public String jsonName() {
    return jsonName;
  }

  /** The generator of a name in requests and events. */
  public static Optional<Generator> named(String jsonName) {
    return Arrays.stream(values()).filter(each -> each.jsonName.equals(jsonName)).findFirst();
  }
}
