package io.darkroom;

import io.darkroom.image.Pixels;
import io.darkroom.image.PngWriter;
import java.util.Base64;
import java.util.List;
import java.util.Random;

/** Requests of every kind for the starter models and the small text-to-image model. */
public final class RandomRequests {
  private static final List<String> SCHEDULERS =
      List.of(
          "{\"_class_name\": \"ddim\", \"timestep_spacing\": \"leading\"}",
          "{\"_class_name\": \"ddpm\"}",
          "{\"_class_name\": \"euler\", \"use_karras_sigmas\": true}",
          "{\"_class_name\": \"euler_a\"}",
          "{\"_class_name\": \"heun\"}",
          "{\"_class_name\": \"lms\"}",
          "{\"_class_name\": \"dpm2_a\"}",
          "{\"_class_name\": \"dpmpp_2m\", \"timestep_spacing\": \"linspace\"}",
          "{\"_class_name\": \"dpmpp_2m_sde\"}",
          "{\"_class_name\": \"unipc\"}");
  private static final List<String> LABELS =
      List.of("fox-face", "apple", "panda-face", "car", "hearts");
  private static final List<String> INTERVALS = List.of("[0.2, 0.8]", "[0, 0.5]", "[0.4, 1]");
  private static final List<String> CACHES =
      List.of("{\"interval\": 2}", "{\"interval\": 3}", "{\"interval\": 3, \"depth\": 2}");
  private static final List<String> PROMPTS = List.of("two apples", "a red car", "panda face", "");

  private final Random random;

  public RandomRequests(Random random) {
    this.random = random;
  }

  /** Returns the next request; most are for the fastest model. */
  public String next(int number) {
    int kind = random.nextInt(20);
    if (kind < 15) {
      return generate(
          number, "emoji-32", 7, "\"class_label\": \"" + one(LABELS) + "\"" + changed());
    }
    if (kind < 17) {
      return generate(number, "emoji-64", 4, "\"prompt\": \"" + one(PROMPTS) + "\"");
    }
    return kind < 19
        ? upscale(number)
        : generate(
            number,
            "sd-mini",
            3,
            "\"prompt\": \"" + one(PROMPTS) + "\", \"width\": 32, \"height\": 48");
  }

  private String generate(int number, String model, int steps, String more) {
    return """
           {"id": "mixed-%d", "kind": "generate", "model": "%s", %s, "num_inference_steps": %d,
            "scheduler": %s, "guidance_scale": %s%s%s, "seed": %d, "num_images": %d, "priority": %d}
           """
        .formatted(
            number,
            model,
            more,
            2 + random.nextInt(steps),
            one(SCHEDULERS),
            one(List.of("1.0", "2.5", "4")),
            random.nextInt(3) == 0 ? ", \"guidance_interval\": " + one(INTERVALS) : "",
            model.startsWith("emoji") && random.nextInt(6) == 0
                ? ", \"cache\": " + one(CACHES)
                : "",
            random.nextInt(),
            random.nextInt(8) == 0 ? 2 : 1,
            random.nextInt(10))
        .replace("\"seed\": -", "\"seed\": ");
  }

  /** Sometimes a picture to change, in parts or as a whole. */
  private String changed() {
    int kind = random.nextInt(10);
    if (kind > 1) {
      return "";
    }
    String image = ", \"strength\": 0.6, \"image\": {\"data\": \"" + picture(32) + "\"}";
    String mask = ", \"mask_image\": {\"data\": \"" + picture(32) + "\"}";
    return kind == 0 ? image + mask : image;
  }

  private String upscale(int number) {
    return """
           {"id": "mixed-%d", "kind": "upscale", "model": "emoji-sr4", "num_inference_steps": %d,
            "scheduler": %s, "seed": %d, "noise_level": %d, "priority": %d,
            "image": {"data": "%s"}}
           """
        .formatted(
            number,
            2 + random.nextInt(3),
            one(SCHEDULERS),
            random.nextInt(1000),
            random.nextInt(30),
            random.nextInt(10),
            picture(4 * (2 + random.nextInt(3))));
  }

  private String picture(int side) {
    byte[] samples = new byte[side * side * 3];
    random.nextBytes(samples);
    byte[] file = PngWriter.write(new Pixels(side, side, 3, samples), List.of(), 1);
    return Base64.getEncoder().encodeToString(file);
  }

  private String one(List<String> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
