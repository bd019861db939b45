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
import java.util.stream.Collectors;

/**
 * Formats the settings of an image as Automatic1111's web UI does. Fields that this format does not
 * have come last, under their names in the request.
 */
final class ParameterLine {
  private static final String CLASS_NAME = "_class_name";

  /** Fields that the line contains under other names, or that do not affect the pixels. */
  private static final Set<String> EXCLUDED =
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
  private static final Map<String, Object> DEFAULTS =
      Map.of("guidance_rescale", 0.0, "seed_mode", "image", "generator", "torch_cpu");

  private final SamplerTitle title;
  private final Stage stage;
  private final List<String> further;

  /**
   * @param effective the effective request without the fields that do not affect the pixels
   * @param stage the first stage; further stages are written as a field of the request
   */
  ParameterLine(RenderRequest effective, Stage stage) {
    SchedulerConfig config =
        new SchedulerConfig(stage.model().scheduler(), effective.stage().sampling().scheduler());
    this.title = Samplers.title(config);
    this.stage = stage;
    this.further = further(RequestCodec.tree(effective), defaults(config));
  }

  String of(Stage.Image image, Size size) {
    List<String> fields = new ArrayList<>();
    fields.add("Steps: " + stage.steps());
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

  private static Map<String, Object> defaults(SchedulerConfig config) {
    SamplingSpec silent = new SamplingSpec(config, new Steps.Count(1), Map.of(), 1);
    Map<String, Object> defaults =
        new HashMap<>(CallDefaults.fill(silent, OptionalLong.empty()).arguments());
    defaults.putAll(DEFAULTS);
    return defaults;
  }

  private static List<String> further(Map<String, Object> request, Map<String, Object> defaults) {
    List<String> fields = new ArrayList<>();
    request.forEach(
        (name, value) -> {
          String shown = shown(value);
          boolean silent = shown.equals("{}") || shown.equals(String.valueOf(defaults.get(name)));
          if (!EXCLUDED.contains(name) && !silent) {
            fields.add(name + ": " + quoted(shown));
          }
        });
    return fields;
  }

  private static String shown(Object value) {
    if (value instanceof List<?> stages
        && !stages.isEmpty()
        && stages.stream().allMatch(Map.class::isInstance)) {
      return stages.stream().map(ParameterLine::shown).collect(Collectors.joining(", "));
    }
    if (!(value instanceof Map<?, ?> map)) {
      return String.valueOf(value);
    }
    Map<String, Object> fields = new TreeMap<>();
    map.forEach((key, field) -> fields.put(String.valueOf(key), field));
    fields.remove(CLASS_NAME);
    return JsonConfig.write(fields);
  }

  /** Returns the value, as a JSON string if it contains a separator. */
  private static String quoted(String value) {
    boolean plain = value.chars().noneMatch(c -> c == ',' || c == ':' || c == '"');
    return plain ? value : '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
