package io.darkroom.onnx;

import ai.onnxruntime.OrtEnvironment;
import io.darkroom.job.Fingerprint;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A GPU, as a fingerprint has it. */
final class CudaDevice {
  private static final List<String> QUERY =
      List.of(
          "nvidia-smi",
          "--query-gpu=name,compute_cap,driver_version",
          "--format=csv,noheader",
          "--id");

  private static final int PARTS = 3;

  private CudaDevice() {}

  /** What the driver says of a GPU; empty where it says nothing. */
  record Card(String name, String computeCapability, String driver) {
    static final Card UNKNOWN = new Card("", "", "");

    /** From a line such as {@code NVIDIA H100 80GB HBM3, 9.0, 580.65.06}. */
    static Card of(String line) {
      String[] parts = line.strip().split(" *, *", -1);
      return parts.length == PARTS ? new Card(parts[0], parts[1], parts[2]) : UNKNOWN;
    }
  }

  static Fingerprint.Device of(
      Provider.Cuda provider, NetworkSettings settings, RowLadder rows, String precision) {
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
        rows.toString());
  }

  private static Card card(int device) {
    List<String> command = new ArrayList<>(QUERY);
    command.add(Integer.toString(device));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    try {
      Process process = builder.start();
      try (InputStream out = process.getInputStream()) {
        return Card.of(new String(out.readAllBytes(), StandardCharsets.UTF_8));
      }
    } catch (IOException noSuchProgram) {
      return Card.UNKNOWN;
    }
  }
}
