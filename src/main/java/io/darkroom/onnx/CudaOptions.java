package io.darkroom.onnx;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * How ONNX Runtime uses a GPU. What is not set here stays as the runtime has it.
 *
 * @param device number of the GPU
 * @param memoryLimit bytes that the arena may grow to
 * @param arena how it grows
 * @param search how algorithms of convolutions are chosen
 * @param tf32 whether products of float32 may be rounded to 10 bits of mantissa
 * @param more options by the runtime's own names, which stand above all others
 */
public record CudaOptions(
    int device,
    OptionalLong memoryLimit,
    Optional<Arena> arena,
    Search search,
    boolean tf32,
    Map<String, String> more) {
  static final String SEARCH = "cudnn_conv_algo_search";

  /** The first GPU, by rules that do not change from start to start. */
  public static final CudaOptions DEFAULT = with(Map.of());

  /** How the arena grows when it is full. */
  public enum Arena {
    /** To the next power of two. */
    POWER_OF_TWO("kNextPowerOfTwo"),
    /** By what is asked for. */
    AS_REQUESTED("kSameAsRequested");

    private final String runtimes;

    Arena(String runtimes) {
      this.runtimes = runtimes;
    }
  }

  /** How algorithms of convolutions are chosen. */
  public enum Search {
    /** By measuring, which may choose otherwise at the next start. */
    EXHAUSTIVE,
    /** By rules. */
    HEURISTIC,
    /** Always the same one. */
    DEFAULT
  }

  public CudaOptions {
    more = Map.copyOf(more);
  }

  /** Options with some more by the runtime's own names. */
  public static CudaOptions with(Map<String, String> more) {
    return new CudaOptions(
        0, OptionalLong.empty(), Optional.empty(), Search.HEURISTIC, false, more);
  }

  /** The provider that has these options. */
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
