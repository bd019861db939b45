package io.darkroom.json;

import io.darkroom.job.Fingerprint;
import io.darkroom.job.Manifest;
import io.darkroom.job.Size;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Manifests for tests. */
final class Manifests {
  static final String SHA = "0123456789abcdef".repeat(4);

  static final Fingerprint.Device CPU =
      new Fingerprint.Device(
          "1.28.0",
          "cpu",
          Map.of("session.intra_op.allow_spinning", "0", "memory_pattern", "off"),
          "x86_64 avx2",
          "",
          2,
          "float32",
          "all",
          "exact",
          "1-8");

  static final Manifest SAMPLE =
      manifest(
          RequestCodec.tree(Requests.valid(Requests.generate("'seed':7,'eta':0.5")).request()),
          List.of(output(0, 7), output(1, -1)),
          CPU,
          Map.of("page", 3));

  private Manifests() {}

  static Manifest manifest(
      Map<String, Object> request,
      List<Manifest.OutputFile> outputs,
      Fingerprint.Device device,
      Map<String, Object> metadata) {
    return new Manifest(
        "r-1",
        SHA,
        request,
        outputs,
        List.of(new Manifest.InputFile("s3://abc/a.png", SHA)),
        List.of(stage("emoji-64", device)),
        new Manifest.Timings(1, 2.5, 3e-3, 4, 5, 6e9, 7),
        20,
        40,
        1,
        List.of("prompt: cut to 77 tokens"),
        metadata,
        Optional.empty());
  }

  static Manifest.RenderedStage stage(String model, Fingerprint.Device device) {
    return new Manifest.RenderedStage(
        model,
        new Fingerprint(
            Optional.of(SHA),
            SHA,
            Map.of("unet", SHA, "vae", SHA),
            SHA,
            "torch_cpu",
            device,
            "0.1.0"));
  }

  static Manifest.OutputFile output(int index, long seed) {
    return new Manifest.OutputFile(
        index,
        seed,
        "s3://abc/r-1/0-0.png",
        "image/png",
        List.of(3, 32, 64),
        Optional.of(new Size(64, 32)),
        1L << 40,
        SHA,
        SHA,
        Optional.empty());
  }
}
