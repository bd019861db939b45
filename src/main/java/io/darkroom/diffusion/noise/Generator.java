package io.darkroom.diffusion.noise;

import java.util.Arrays;
import java.util.Optional;

/** The random number generators that a request can choose for its seed. */
public enum Generator {
  /** PyTorch's CPU generator, bit for bit. */
  TORCH_CPU("torch_cpu"),
  /** PyTorch's CUDA generator, up to rounding. */
  TORCH_CUDA("torch_cuda"),
  /** Darkroom's own generator, which can generate any part of a draw alone. */
  PHILOX("philox");

  private final String jsonName;

  Generator(String jsonName) {
    this.jsonName = jsonName;
  }

  /** Returns a new source at the start of the seed's sequence. The seed is unsigned. */
  public NoiseSource source(long seed) {
    return switch (this) {
      case TORCH_CPU -> new TorchCpuNoise(seed);
      case TORCH_CUDA -> new TorchCudaNoise(seed);
      case PHILOX -> new PhiloxNoise(seed);
    };
  }

  /** Returns the name in requests and events. */
  public String jsonName() {
    return jsonName;
  }

  /** Returns the generator with this name in requests and events. */
  public static Optional<Generator> named(String jsonName) {
    return Arrays.stream(values()).filter(each -> each.jsonName.equals(jsonName)).findFirst();
  }
}
