package io.darkroom;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.darkroom.job.Prompts;
import io.darkroom.job.RenderRequest;
import io.darkroom.job.Seeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One render by a reference pipeline: its arguments and its results. It may have several prompts or
 * labels in one batch; each of them becomes a request, of which only the images of that prompt
 * count.
 *
 * @param folder with {@code request.json} and the expected arrays
 */
public record PipelineGolden(Path folder, JsonNode given) {
  /** Fields that stages do not have. */
  private static final Set<String> OF_REQUEST =
      Set.of("id", "seed", "num_images", "seed_mode", "width", "height");

  /** Maximum images of a request; {@link #whole} has all images of larger batches. */
  private static final int MOST_IMAGES = 64;

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
          "target_size",
          "max_sequence_length",
          "true_cfg_scale",
          "audio_length_in_s",
          "use_clipped_model_output",
          "timesteps",
          "num_frames",
          "denoising_start",
          "denoising_end");

  /** Fields that a request has in another form. */
  private static final Set<String> READ =
      Set.of(
          "id",
          "kind",
          "package",
          "pipeline",
          "sampler",
          "objective",
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
          "original_inference_steps",
          "inputs",
          "noise_schedule",
          "alignment",
          "clamp_each_step",
          "fast",
          "atoms",
          "init_latents",
          "use_resolution_binning");

  public static PipelineGolden read(Path folder) throws IOException {
    return new PipelineGolden(folder, JSON.readTree(folder.resolve("request.json").toFile()));
  }

  /** Returns the folders of the packages that render it, in the order of their stages. */
  public List<Path> models() throws IOException {
    return given.has("init_latents") ? List.of(first().model(), model()) : List.of(model());
  }

  /** Returns the folder of the package that gives its results. */
  Path model() {
    return GoldenPackages.folder(
        folder.resolve("../../packages").normalize(), given.path("package").asText());
  }

  /** Returns the allowed difference from the expected numbers. */
  double tolerance(String name) {
    return given.path("expected").path("tolerance").path(name).asDouble();
  }

  /** Returns whether its results are pictures. */
  boolean picture() {
    return given.path("expected").has("image_shape");
  }

  /** Returns the allowed difference from the expected numbers of a channel. */
  double tolerance(int channel) {
    JsonNode tolerance = given.path("expected").path("tolerance");
    return tolerance.has("result_abs")
        ? tolerance.path("result_abs").asDouble()
        : tolerance.path("result_abs_per_channel").path(channel).asDouble();
  }

  /** Returns whether a tolerance of this name is given. */
  boolean hasTolerance(String name) {
    return given.path("expected").path("tolerance").has(name);
  }

  /** Returns the end of a file's name that has the index of an image if there are several. */
  String numbered(int image) {
    return images() == 1 ? "" : "-" + image;
  }

  /** Images of the batch. */
  int images() {
    JsonNode expected = given.path("expected");
    return expected.path(picture() ? "image_shape" : "sample_shape").path(0).asInt();
  }

  /**
   * A request, and which of its images belong to the batch.
   *
   * @param first of its images that counts
   * @param count of images
   * @param offset of them in the batch
   */
  public record Part(String request, int first, int count, int offset) {}

  /** The requests that give the images of the batch. */
  public List<Part> parts() throws IOException {
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

  /** Returns a request with all images of the batch, which may be more than a message can have. */
  RenderRequest whole(RenderRequest request) {
    Seeds seeds = request.seeds();
    Seeds all = new Seeds(seeds.seed(), seeds.seeds(), seeds.mode(), seeds.generator(), images());
    return images() <= MOST_IMAGES
        ? request
        : new RenderRequest(
            request.id(),
            request.stage(),
            request.then(),
            all,
            request.output(),
            request.options());
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
    if (!given.has("timesteps")) {
      request.set("num_inference_steps", given.get("steps"));
    }
    for (var field : given.properties()) {
      String name = field.getKey();
      if (name.equals("eta") && field.getValue().asDouble() == 0) {
        continue; // the default, and diffusers passes it on only to schedulers that take it
      }
      if (SAME.contains(name)) {
        request.set(name, field.getValue());
      } else if (Prompts.FIELDS.contains(name)) {
        request.set(name, ofGroup(field.getValue(), group));
      } else if (!READ.contains(name)) {
        throw new AssertionError("this test does not map " + name + ": " + field.getValue());
      }
    }
    if (given.has("class_labels")) {
      request.set("class_label", ofGroup(given.get("class_labels"), group));
    }
    if (given.has("atoms")) {
      request.putObject("sizes").set("atoms", given.get("atoms"));
    }
    tensors(request);
    noiseSchedule(request);
    picture(request, "image", "init_image");
    picture(request, "mask_image", "mask_image");
    seeds(request, group, each);
    scheduler(request.putObject("scheduler"));
    return given.has("init_latents") ? behind(request) : request;
  }

  /** Whether it is a stage after the golden whose latents it starts from. */
  private ObjectNode behind(ObjectNode request) throws IOException {
    ObjectNode whole = first().request(0, 1);
    whole.withArrayProperty("then").add(request.remove(OF_REQUEST));
    return whole;
  }

  /** The golden whose latents it starts from. */
  private PipelineGolden first() throws IOException {
    String name = given.path("init_latents").asText().replace("-latents.npy", "");
    try (Stream<Path> others = Files.list(folder.toAbsolutePath().getParent())) {
      return read(
          others
              .filter(each -> each.getFileName().toString().startsWith(name))
              .findAny()
              .orElseThrow());
    }
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

  /** Whether its request gives tensors. */
  public boolean readsTensors() {
    return given.has("inputs");
  }

  private void tensors(ObjectNode request) {
    for (var input : given.path("inputs").properties()) {
      Path file = folder.resolve("../../inputs").resolve(input.getValue().asText());
      request
          .withObjectProperty("inputs")
          .putObject(input.getKey())
          .put("uri", FileInputs.uri(file));
    }
  }

  private void noiseSchedule(ObjectNode request) {
    if (given.has("noise_schedule")) {
      boolean amplitude = given.path("alignment").asText().equals("sqrt_alpha_cumprod");
      ObjectNode schedule = given.path("noise_schedule").deepCopy();
      schedule.put("alignment", amplitude ? "amplitude" : "log_snr");
      schedule.set("clamp_each_step", given.get("clamp_each_step"));
      request.set("noise_schedule", schedule);
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
    request.put("num_images", Math.min(MOST_IMAGES, images()));
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
