package io.darkroom.bench;

import io.darkroom.DirectEngine;
import io.darkroom.image.Pixels;
import io.darkroom.image.PngWriter;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;

/**
 * A package that is measured, and the fields of its requests.
 *
 * @param folder of the package, which has its name
 * @param kind kind and required fields, as members of a request
 * @param guidable whether requests may have guidance
 */
public record MeasuredPackage(Path folder, String kind, boolean guidable) {
  private static final Path TEST = Path.of("src/test/resources/pipelines/packages");
  private static final int SMALL = 16;

  static final MeasuredPackage EMOJI_32 =
      new MeasuredPackage(
          DirectEngine.STARTER.resolve("emoji-32"),
          "\"kind\": \"generate\", \"class_label\": \"fox-face\"",
          true);
  static final MeasuredPackage EMOJI_64 =
      new MeasuredPackage(
          DirectEngine.STARTER.resolve("emoji-64"),
          "\"kind\": \"generate\", \"prompt\": \"fox face\"",
          true);
  static final MeasuredPackage EMOJI_SR4 =
      new MeasuredPackage(
          DirectEngine.STARTER.resolve("emoji-sr4"),
          "\"kind\": \"upscale\", \"image\": {\"data\": \"" + small() + "\"}",
          false);
  static final MeasuredPackage SD_MINI =
      new MeasuredPackage(
          TEST.resolve("sd-mini"), "\"kind\": \"generate\", \"prompt\": \"fox face\"", true);

  static final List<MeasuredPackage> STARTERS = List.of(EMOJI_32, EMOJI_64, EMOJI_SR4);
  static final List<MeasuredPackage> ALL = List.of(EMOJI_32, EMOJI_64, EMOJI_SR4, SD_MINI);

  /** Creates the subject of a text-to-image package of another project. */
  static MeasuredPackage of(Path folder) {
    return new MeasuredPackage(folder, "\"kind\": \"generate\", \"prompt\": \"a fox\"", true);
  }

  String name() {
    return folder.getFileName().toString();
  }

  /** Returns whether it is among the names; empty means all. */
  boolean in(List<String> names) {
    return names.isEmpty() || names.contains(name());
  }

  /** Returns a request of this kind with the defaults of the package. */
  String request(int seed) {
    return request(seed, "");
  }

  /** Returns a request of this kind with ancestral Euler, which draws noise in every step. */
  String ancestral(int seed, int steps, boolean guided) {
    String guidance = guidable ? ", \"guidance_scale\": " + (guided ? 2.5 : 1) : "";
    return request(
        seed,
        ", \"scheduler\": {\"_class_name\": \"euler_a\"}, \"num_inference_steps\": "
            + steps
            + guidance);
  }

  /** Returns a request of this kind with further members, each after a comma. */
  String request(int seed, String members) {
    return "{\"id\": \"bench-%d\", \"seed\": %d, \"model\": \"%s\", %s%s}"
        .formatted(seed, seed, name(), kind, members);
  }

  private static String small() {
    byte[] samples = new byte[SMALL * SMALL * 3];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (byte) (i * i);
    }
    byte[] file = PngWriter.write(new Pixels(SMALL, SMALL, 3, samples), List.of(), 1);
    return Base64.getEncoder().encodeToString(file);
  }
}
