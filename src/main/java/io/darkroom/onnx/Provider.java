package io.darkroom.onnx;

import java.util.Map;

/** An execution provider of ONNX Runtime. */
public sealed interface Provider {

  /** The processor, which is always available. */
  Provider CPU = new Cpu();

  /** Returns the name in a fingerprint. */
  String wire();

  /** Returns the options by their names in ONNX Runtime. */
  Map<String, String> options();

  /** The processor. */
  record Cpu() implements Provider {
    @Override
    public String wire() {
      return "cpu";
    }

    @Override
    public Map<String, String> options() {
      return Map.of();
    }
  }

  /**
   * An NVIDIA GPU.
   *
   * @param device its number, from 0
   */
  record Cuda(int device, Map<String, String> options) implements Provider {

    public Cuda {
      options = Map.copyOf(options);
      if (device < 0) {
        throw new IllegalArgumentException("device: must be 0 or more, is " + device);
      }
    }

    @Override
    public String wire() {
      return "cuda";
    }

    /**
     * Returns whether convolution algorithms are chosen by measuring, so that two starts may choose
     * differently.
     */
    boolean measuresConvolutions() {
      return CudaOptions.Search.EXHAUSTIVE.name().equals(options.get(CudaOptions.SEARCH));
    }
  }
}
