package io.darkroom.onnx;

import ai.onnxruntime.OrtEnvironment;
import io.darkroom.job.Fingerprint;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Describes a GPU for a fingerprint. */
final class CudaDevice {
  private static final List<String> QUERY =
      List.of(
          "nvidia-smi",
          "--query-gpu=name,compute_cap,driver_version",
          "--format=csv,noheader",
          "--id");

  private static final int PARTS = 3;

  /** Maximum time to wait for the driver, so that a hanging driver does not block a start. */
  private static final long TIMEOUT_SECONDS = 20;

  private CudaDevice() {}

  /** Properties of a GPU as reported by the driver; empty if it reports nothing. */
  record Card(String name, String computeCapability, String driver) {
    static final Card UNKNOWN = new Card("", "", "");

    /** Parses a line such as {@code NVIDIA H100 80GB HBM3, 9.0, 580.65.06}. */
    static Card of(String line) {
      String[] parts = line.strip().split(" *, *", -1);
      return parts.length == PARTS ? new Card(parts[0], parts[1], parts[2]) : UNKNOWN;
    }
  }

  static Fingerprint.Device of(
      Provider.Cuda provider, NetworkSettings settings, String rows, String precision) {
    Card card = card(provider.device());
    Map<String, String> options = new TreeMap<>(Session.ENTRIES);
    options.put("memory_pattern", "false");
    options.putAll(provider.options());
    options.put("driver", card.driver());
    return new Fingerprint.Device(
        OrtEnvironment.getEnvironment().getVersion(),
        provider.wire(),
        options,
        card.name(),
        card.computeCapability(),
        settings.threads(),
        precision,
        Session.OPTIMIZATION.name(),
        settings.tier().wire(),
        rows);
  }

  private static Card card(int device) {
    Optional<String> id = id(device, Optional.ofNullable(System.getenv("CUDA_VISIBLE_DEVICES")));
    if (id.isEmpty()) {
      return Card.UNKNOWN;
    }
    List<String> command = new ArrayList<>(QUERY);
    command.add(id.get());
    return Card.of(output(command, TIMEOUT_SECONDS).orElse(""));
  }

  /**
   * Returns the driver's id of a GPU from its CUDA number. If a process sees only some GPUs, CUDA
   * numbers count only those.
   *
   * @param visible numbers or UUIDs as in {@code CUDA_VISIBLE_DEVICES}; empty = all
   * @return empty if the process does not see such a GPU
   */
  static Optional<String> id(int device, Optional<String> visible) {
    if (visible.isEmpty()) {
      return Optional.of(Integer.toString(device));
    }
    // CUDA also ignores all entries after an invalid one.
    return Arrays.stream(visible.get().split(",", -1))
        .map(String::strip)
        .takeWhile(entry -> !entry.isEmpty() && !entry.startsWith("-"))
        .skip(device)
        .findFirst();
  }

  /**
   * Returns the output of a program; empty if there is none or the program does not end in time.
   *
   * @param command a program that prints less than a pipe can hold
   */
  static Optional<String> output(List<String> command, long seconds) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    try {
      Process process = builder.start();
      try (InputStream out = process.getInputStream()) {
        return process.waitFor(seconds, TimeUnit.SECONDS)
            ? Optional.of(new String(out.readAllBytes(), StandardCharsets.UTF_8))
            : Optional.empty();
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException noSuchProgram) {
      return Optional.empty();
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
