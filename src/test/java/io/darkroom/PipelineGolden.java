package io.darkroom;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/**
 * One render by a reference pipeline: what was asked, and the numbers that came out. It is no
 * request of the contract: several prompts or labels of one batch become a request each, of which
 * the images are taken that the prompt has in the batch.
 *
 * @param folder with {@code request.json} and the expected arrays
 */
record PipelineGolden(Path folder, JsonNode given) {
  /** Python writes infinity as a number. */
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  /** Fields that a request has under the same name. */
  private static final Set<String> SAME =
      Set.of(
          "eta",
          "guidance_scale",
          "guidance_rescale",
          "strength",
          "noise_level",
          "width",
          "height",
          "original_size",
          "crops_coords_top_left",
          "target_size");

  /** Fields that a request has in another form. */
  private static final Set<String> READ =
      Set.of(
          "id",
          "kind",
          "package",
          "pipeline",
          "expected",
          "scheduler",
          "steps",
          "seed",
          "seeds",
          "batch_size",
          "num_images_per_prompt",
          "class_labels",
          "init_image",
          "mask_image",
          "original_inference_steps");

  private static final Set<String> TEXTS =
      Set.of("prompt", "negative_prompt", "prompt_2", "negative_prompt_2");

  static PipelineGolden read(Path folder) throws IOException {
    return new PipelineGolden(folder, JSON.readTree(folder.resolve("request.json").toFile()));
  }

  /** The folder of the package that renders it. */
  Path model() {
    return folder.resolve("../../packages").resolve(given.path("package").asText()).normalize();
  }

  /** How far the numbers may be from the expected ones. */
  double tolerance(String name) {
    return given.path("expected").path("tolerance").path(name).asDouble();
  }

  /** Images of the batch. */
  int images() {
    return given.path("expected").path("image_shape").path(0).asInt();
  }

  /**
   * A request, and which of its images belong to the batch.
   *
   * @param first of its images that counts
   * @param count of images
   * @param offset of them in the batch
   */
  record Part(String request, int first, int count, int offset) {}

  /** The requests that give the images of the batch. */
  List<Part> parts() throws IOException {
    int groups = groups();
    int each = images() / groups;
    List<Part> parts = new ArrayList<>();
    for (int group = 0; group < groups; group++) {
      boolean seeds = given.has("seeds");
      String request = request(group, each).toString();
      parts.add(new Part(request, seeds ? 0 : group * each, each, group * each));
    }
    return parts;
  }

  private int groups() {
    JsonNode prompts = given.path(given.has("class_labels") ? "class_labels" : "prompt");
    return prompts.isArray() ? prompts.size() : 1;
  }

  private ObjectNode request(int group, int each) throws IOException {
    ObjectNode request = JSON.createObjectNode();
    boolean enlarges = Set.of("upscale", "ldm-sr").contains(given.path("kind").asText());
    request.put("id", given.path("id").asText() + "." + group);
    request.put("kind", enlarges ? "upscale" : "generate");
    request.set("model", given.get("package"));
    request.set("num_inference_steps", given.get("steps"));
    for (var field : given.properties()) {
      String name = field.getKey();
      if (name.equals("eta") && field.getValue().asDouble() == 0) {
        continue; // the default, and diffusers passes it on only to schedulers that take it
      }
      if (SAME.contains(name)) {
        request.set(name, field.getValue());
      } else if (TEXTS.contains(name)) {
        request.set(name, ofGroup(field.getValue(), group));
      } else if (!READ.contains(name)) {
        throw new AssertionError("this test does not map " + name + ": " + field.getValue());
      }
    }
    if (given.has("class_labels")) {
      request.set("class_label", ofGroup(given.get("class_labels"), group));
    }
    picture(request, "image", "init_image");
    picture(request, "mask_image", "mask_image");
    seeds(request, group, each);
    scheduler(request.putObject("scheduler"));
    return request;
  }

  private static JsonNode ofGroup(JsonNode values, int group) {
    return values.isArray() ? values.get(group) : values;
  }

  private void picture(ObjectNode request, String field, String name) throws IOException {
    if (given.has(name)) {
      Path file = folder.resolve("../../inputs").resolve(given.path(name).asText());
      String data = Base64.getEncoder().encodeToString(Files.readAllBytes(file));
      request.putObject(field).put("data", data);
    }
  }

  private void seeds(ObjectNode request, int group, int each) {
    if (given.has("seeds")) {
      for (int i = 0; i < each; i++) {
        request.withArrayProperty("seeds").add(given.path("seeds").get(group * each + i));
      }
      return;
    }
    request.set("seed", given.get("seed"));
    request.put("num_images", images());
    request.put("seed_mode", images() > 1 ? "batch" : "image");
  }

  private void scheduler(ObjectNode scheduler) {
    scheduler.set("_class_name", given.path("scheduler").get("class"));
    for (var key : given.path("scheduler").path("config").properties()) {
      JsonNode value = key.getValue();
      if (value.isDouble() && Double.isInfinite(value.doubleValue())) {
        scheduler.put(key.getKey(), String.valueOf(value.doubleValue()));
      } else if (!value.isNull()) {
        scheduler.set(key.getKey(), value);
      }
    }
    if (given.has("original_inference_steps")) {
      scheduler.set("original_inference_steps", given.get("original_inference_steps"));
    }
  }

  @Override
  public String toString() {
    return folder.getFileName().toString();
  }
}
