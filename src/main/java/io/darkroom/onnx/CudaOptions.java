package io.darkroom.onnx;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Options of ONNX Runtime for a GPU. Other options keep the runtime's defaults.
 *
 * @param device number of the GPU
 * @param memoryLimit maximum bytes of the arena
 * @param arena growth of the arena
 * @param search choice of convolution algorithms
 * @param tf32 whether products of float32 may be rounded to 10 bits of mantissa
 * @param more further options by the runtime's names; they override all others
 */
public record CudaOptions(
    int device,
    OptionalLong memoryLimit,
    Optional<Arena> arena,
    Search search,
    boolean tf32,
    Map<String, String> more) {
  static final String SEARCH = "cudnn_conv_algo_search";

  /** The first GPU, with algorithms chosen by fixed rules, the same at every start. */
  public static final CudaOptions DEFAULT = with(Map.of());

  /** Growth of the arena when it is full. */
  public enum Arena {
    /** Grows to the next power of two. */
    POWER_OF_TWO("kNextPowerOfTwo"),
    /** Grows by the requested bytes. */
    AS_REQUESTED("kSameAsRequested");

    private final String runtimes;

    Arena(String runtimes) {
      this.runtimes = runtimes;
    }
  }

  /** Choice of convolution algorithms. */
  public enum Search {
    /** By measuring, which may give another choice at the next start. */
    EXHAUSTIVE,
    /** By rules. */
    HEURISTIC,
    /** Always the same one. */
    DEFAULT
  }

  public CudaOptions {
    more = Map.copyOf(more);
  }

  /** Creates options with further ones by the runtime's names. */
  public static CudaOptions with(Map<String, String> more) {
    return new CudaOptions(
        0, OptionalLong.empty(), Optional.empty(), Search.HEURISTIC, false, more);
  }

  /** Returns the provider with these options. */
  public Provider.Cuda provider() {
    Map<String, String> options = new TreeMap<>();
    memoryLimit.ifPresent(bytes -> options.put("gpu_mem_limit", Long.toString(bytes)));
    arena.ifPresent(strategy -> options.put("arena_extend_strategy", strategy.runtimes));
    options.put(SEARCH, search.name().toUpperCase(Locale.ROOT));
    options.put("use_tf32", tf32 ? "1" : "0");
    options.putAll(more);
    return new Provider.Cuda(device, options);
  }
}
