package io.darkroom.onnx;

import java.util.Map;

/** What computes networks: an execution provider of ONNX Runtime. */
public sealed interface Provider {

  /** The processor, which always computes. */
  Provider CPU = new Cpu();

  /** The name in a fingerprint. */
  String wire();

  /** Options under their names in ONNX Runtime. */
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
   * A GPU of NVIDIA's.
   *
   * @param device its number, from 0 on
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

    /** Whether convolutions are chosen by measuring, so that two starts may choose differently. */
    boolean measuresConvolutions() {
      return CudaOptions.Search.EXHAUSTIVE.name().equals(options.get(CudaOptions.SEARCH));
    }
  }
}
