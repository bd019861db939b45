package io.darkroom;

import io.darkroom.image.Pixels;
import io.darkroom.image.PngWriter;
import io.darkroom.onnx.HalfPrecisionPackages;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * Requests of every kind of model that is served: those of the goldens of pipelines, with other
 * seeds, and requests for what no golden in git has: adapters, 16-bit pictures, decoding in tiles,
 * float16, guidance_rescale, guidance_interval, clip_skip, SDXL with pictures and a refiner,
 * RePaint, Stable Diffusion 3 without T5 and FLUX without guidance.
 */
public final class EveryKind extends RequestKinds {
  private static final String SD_MINI =
      """
      {"kind": "generate", "model": "%s", "prompt": "a fox", "num_inference_steps": 2,
       "guidance_scale": 4, "width": %d, "height": 32%s}
      """;

  /** The second half of SDXL's schedule by the refiner. */
  private static final String REFINED =
      """
      , "denoising_end": 0.5, "then": [{"kind": "generate", "model": "refiner",
        "prompt": "a fox", "num_inference_steps": 2, "guidance_scale": 4,
        "aesthetic_score": 7, "denoising_start": 0.5}]
      """;

  private static final String REPAINT =
      """
      {"kind": "generate", "model": "class-mini", "class_label": "5", "num_inference_steps": 11,
       "strength": 1, "scheduler": {"_class_name": "repaint"}
      """;

  private static final Path SD = GoldenPackages.folder("sd-mini");

  /** Writes packages that are not in the repository below the folder. */
  public EveryKind(Path folder) throws IOException {
    addGoldens(golden -> !golden.readsTensors()); // EveryTensor has these
    addPackage(SD);
    addPackage(LoraPackages.adaptable(folder.resolve("sd-lora"), "five"));
    addPackage(ScanPackage.write(folder.resolve("scans")));
    add(SD_MINI.formatted("sd-lora", 32, ", \"loras\": [{\"model\": \"five\"}]"));
    add(SD_MINI.formatted("sd-mini", 192, ""));
    add(
        """
        {"kind": "generate", "model": "scans", "class_label": "5", "num_inference_steps": 2,
         "output": {"format": "png", "bits": 16}}
        """);
    addOthers(folder);
  }

  /** Adds kinds and options that no golden in git has. */
  private void addOthers(Path folder) throws IOException {
    addPackage(GoldenPackages.folder("class-mini"));
    addPackage(HalfPrecisionPackages.copy(SD, folder.resolve("sd-half")));
    addPackage(DerivedPackages.sdxlWithEncoder(folder.resolve("sdxl")));
    addPackage(DerivedPackages.refiner(folder.resolve("refiner")));
    addPackage(DerivedPackages.sd3WithoutT5(folder.resolve("sd3-clip")));
    addPackage(DerivedPackages.fluxWithoutGuidance(folder.resolve("flux-distilled")));
    String picture = ", \"image\": " + picture(0x5a);
    String masked = picture + ", \"mask_image\": " + picture(0xff);
    add(SD_MINI.formatted("sd-half", 32, ""));
    add(SD_MINI.formatted("sd-mini", 32, ", \"guidance_rescale\": 0.7"));
    add(SD_MINI.formatted("sd-mini", 32, ", \"guidance_interval\": [0, 0.5]"));
    add(SD_MINI.formatted("sdxl", 32, ", \"clip_skip\": 1"));
    add(SD_MINI.formatted("sd-mini", 32, ", \"clip_skip\": 1"));
    add(SD_MINI.formatted("sdxl", 32, ", \"strength\": 0.5" + picture));
    add(SD_MINI.formatted("sdxl", 32, masked));
    add(SD_MINI.formatted("sdxl", 32, REFINED));
    add(SD_MINI.formatted("sd3-clip", 32, ""));
    add(SD_MINI.formatted("flux-distilled", 32, "").replace("\"guidance_scale\": 4,", ""));
    add(REPAINT + masked + "}");
  }

  private static String picture(int level) {
    byte[] pixels = new byte[32 * 32 * 3];
    Arrays.fill(pixels, pixels.length / 2, pixels.length, (byte) level);
    byte[] file = PngWriter.write(new Pixels(32, 32, 3, pixels), List.of(), 1);
    return "{\"data\": \"" + Base64.getEncoder().encodeToString(file) + "\"}";
  }
}
