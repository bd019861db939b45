package io.darkroom.bench;

import ai.onnxruntime.OrtEnvironment;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The machine on which figures were measured.
 *
 * @param processor name of the CPU
 * @param processors number of CPUs that this process may use
 * @param java version of the JVM
 * @param onnxRuntime version of ONNX Runtime
 * @param loadBefore load average of the minute before
 */
public record Machine(
    String processor, int processors, String java, String onnxRuntime, double loadBefore) {
  private static final Path CPUINFO = Path.of("/proc/cpuinfo");

  static Machine here() throws IOException {
    return new Machine(
        processorName(),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("java.vm.name") + " " + System.getProperty("java.version"),
        OrtEnvironment.getEnvironment().getVersion(),
        load());
  }

  static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  private static String processorName() throws IOException {
    String architecture = System.getProperty("os.arch");
    if (!Files.isReadable(CPUINFO)) {
      return architecture;
    }
    try (Stream<String> lines = Files.lines(CPUINFO)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).trim())
          .findFirst()
          .orElse(architecture);
    }
  }
}
