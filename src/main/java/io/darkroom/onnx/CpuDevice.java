package io.darkroom.onnx;

import ai.onnxruntime.OrtEnvironment;
import io.darkroom.job.Fingerprint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/** Describes the processor for a fingerprint. */
final class CpuDevice {
  /** Instruction set extensions by which ONNX Runtime chooses kernels. */
  private static final List<String> EXTENSIONS =
      List.of(
          "sse4_1",
          "avx",
          "fma",
          "avx2",
          "avx_vnni",
          "avx512f",
          "avx512bw",
          "avx512vl",
          "avx512_vnni",
          "avx512_bf16",
          "amx_tile",
          "amx_int8",
          "asimd",
          "asimddp",
          "i8mm",
          "bf16",
          "sve");

  private static final Path CPUINFO = Path.of("/proc/cpuinfo");

  private CpuDevice() {}

  static Fingerprint.Device of(NetworkSettings settings, String rows, String precision) {
    Map<String, String> options = new TreeMap<>(Session.ENTRIES);
    options.put("memory_pattern", "false");
    return new Fingerprint.Device(
        OrtEnvironment.getEnvironment().getVersion(),
        "cpu",
        options,
        name(System.getProperty("os.arch"), cpuinfo()),
        "",
        settings.threads(),
        precision,
        Session.OPTIMIZATION.name(),
        settings.tier().wire(),
        rows);
  }

  /** Returns the number of physical cores of this machine. */
  static int cores() {
    return cores(cpuinfo()).orElseGet(() -> Runtime.getRuntime().availableProcessors());
  }

  /**
   * Returns the number of physical cores; empty if the machine does not report which processors
   * share one.
   */
  static OptionalInt cores(List<String> cpuinfo) {
    Set<String> cores = new HashSet<>();
    String socket = "";
    for (String line : cpuinfo) {
      if (line.startsWith("physical id")) {
        socket = line;
      } else if (line.startsWith("core id")) {
        cores.add(socket + line);
      }
    }
    return cores.isEmpty() ? OptionalInt.empty() : OptionalInt.of(cores.size());
  }

  /** Returns the architecture and the relevant extensions, e.g. {@code amd64 avx fma avx2}. */
  static String name(String architecture, List<String> cpuinfo) {
    Set<String> flags = new HashSet<>();
    for (String line : cpuinfo) {
      if (line.startsWith("flags") || line.startsWith("Features")) {
        flags.addAll(Arrays.asList(line.substring(line.indexOf(':') + 1).trim().split(" +")));
        break;
      }
    }
    StringBuilder name = new StringBuilder(architecture);
    EXTENSIONS.stream().filter(flags::contains).forEach(flag -> name.append(' ').append(flag));
    return name.toString();
  }

  private static List<String> cpuinfo() {
    try {
      return Files.isReadable(CPUINFO) ? Files.readAllLines(CPUINFO) : List.of();
    } catch (IOException e) {
      return List.of();
    }
  }
}
