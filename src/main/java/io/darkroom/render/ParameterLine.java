package io.darkroom.render;

import io.darkroom.diffusion.SamplingSpec;
import io.darkroom.diffusion.SchedulerConfig;
import io.darkroom.diffusion.Steps;
import io.darkroom.diffusion.sampler.CallDefaults;
import io.darkroom.diffusion.sampler.SamplerTitle;
import io.darkroom.diffusion.sampler.Samplers;
import io.darkroom.job.RenderRequest;
import io.darkroom.job.Size;
import io.darkroom.json.JsonConfig;
import io.darkroom.json.RequestCodec;
import io.darkroom.plan.Stage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * The settings of an image in the format of Automatic1111's web UI. Fields that the format does not
 * have come last, under the names of the request.
 */
final class ParameterLine {
  private static final String CLASS_NAME = "_class_name";

  /** Fields that the line has under other names or that do not affect the pixels. */
  private static final Set<String> SAID =
      Set.of(
          "id",
          "kind",
          "model",
          "prompt",
          "negative_prompt",
          "class_label",
          "num_inference_steps",
          "guidance_scale",
          "seed",
          "seeds",
          "num_images",
          "width",
          "height",
          "output",
          "render",
          "priority");

  /** Default values, which are left out. */
  private static final Map<String, Object> USUAL =
      Map.of("guidance_rescale", 0.0, "seed_mode", "image", "generator", "torch_cpu");

  private final SamplerTitle title;
  private final Stage stage;
  private final int steps;
  private final List<String> further;

  /**
   * @param effective effective request without the fields that do not affect the pixels
   */
  ParameterLine(RenderRequest effective, Stage stage, int steps) {
    SchedulerConfig config =
        new SchedulerConfig(stage.model().scheduler(), effective.stage().sampling().scheduler());
    this.title = Samplers.title(config);
    this.stage = stage;
    this.steps = steps;
    this.further = further(RequestCodec.tree(effective), usual(config));
  }

  String of(Stage.Part image, Size size) {
    List<String> fields = new ArrayList<>();
    fields.add("Steps: " + steps);
    fields.add("Sampler: " + title.sampler());
    title.scheduleType().ifPresent(type -> fields.add("Schedule type: " + type));
    fields.add("CFG scale: " + stage.guidance().scale());
    fields.add("Seed: " + Long.toUnsignedString(image.seed()));
    fields.add("Size: " + size);
    fields.add("Model: " + stage.model().name());
    fields.add("Model hash: " + stage.model().sha256().substring(0, 10));
    fields.addAll(further);
    return String.join(", ", fields);
  }

  private static Map<String, Object> usual(SchedulerConfig config) {
    SamplingSpec silent = new SamplingSpec(config, new Steps.Count(1), Map.of(), 1);
    Map<String, Object> usual =
        new HashMap<>(CallDefaults.filled(silent, OptionalLong.empty()).arguments());
    usual.putAll(USUAL);
    return usual;
  }

  private static List<String> further(Map<String, Object> request, Map<String, Object> usual) {
    List<String> fields = new ArrayList<>();
    request.forEach(
        (name, value) -> {
          String shown = shown(value);
          boolean silent = shown.equals("{}") || shown.equals(String.valueOf(usual.get(name)));
          if (!SAID.contains(name) && !silent) {
            fields.add(name + ": " + quoted(shown));
          }
        });
    return fields;
  }

  private static String shown(Object value) {
    if (!(value instanceof Map<?, ?> map)) {
      return String.valueOf(value);
    }
    Map<String, Object> fields = new TreeMap<>();
    map.forEach((key, field) -> fields.put(String.valueOf(key), field));
    fields.remove(CLASS_NAME);
    return JsonConfig.write(fields);
  }

  /** The value, as a JSON string where it contains a separator. */
  private static String quoted(String value) {
    boolean plain = value.chars().noneMatch(c -> c == ',' || c == ':' || c == '"');
    return plain ? value : '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
