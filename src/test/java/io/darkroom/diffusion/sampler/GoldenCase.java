package io.darkroom.diffusion.sampler;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.darkroom.Golden;
import io.darkroom.diffusion.SamplingSpec;
import io.darkroom.diffusion.SchedulerConfig;
import io.darkroom.diffusion.Steps;
import io.darkroom.image.Npy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** One recorded trajectory of the golden numbers, {@code samplers/ID/case.json}. */
record GoldenCase(JsonNode json) {
  private static final ObjectMapper JACKSON = new ObjectMapper();

  /** Returns every case that the index lists. */
  static List<GoldenCase> all() {
    return StreamSupport.stream(Golden.json("samplers/index.json").spliterator(), false)
        .map(each -> new GoldenCase(Golden.json(folder(each.get("id").asText()) + "case.json")))
        .toList();
  }

  /** Returns cases in the folder that the index does not list, so that no test would run them. */
  static Set<String> notListed() {
    try (Stream<Path> entries = Files.list(Golden.path("samplers"))) {
      Set<String> names =
          entries
              .filter(Files::isDirectory)
              .map(entry -> entry.getFileName().toString())
              .collect(Collectors.toCollection(TreeSet::new));
      all().forEach(each -> names.remove(each.id()));
      return names;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String id() {
    return json.get("id").asText();
  }

  String kind() {
    return json.get("kind").asText();
  }

  String scheduler() {
    return json.get("scheduler").asText();
  }

  long seed() {
    return json.get("seed").asLong();
  }

  double tolerance(String snapshot) {
    return json.get("tolerance").get(snapshot).asDouble();
  }

  int loopIterations() {
    return json.get("loop_iterations").asInt();
  }

  int midIteration() {
    return json.get("mid_iteration").asInt();
  }

  boolean wholeTimesteps() {
    return json.get("timesteps_dtype").asText().equals("int64");
  }

  /**
   * Returns whether the numbers come from a numpy and PyTorch version of diffusers' code instead of
   * diffusers.
   */
  boolean restated() {
    return json.path("reference").asText().equals("restated");
  }

  /** Returns the factor from the scheduler's timestep to the model's. */
  double modelTimestepFactor() {
    return json.path("model_timestep_factor").asDouble(1);
  }

  List<Double> numbers(String key) {
    List<Double> out = new ArrayList<>();
    json.get(key).forEach(each -> out.add(each.asDouble()));
    return out;
  }

  /**
   * Returns the evaluations in each iteration of the reference's loop: corrector and predictor
   * steps are one iteration, and undone steps have no evaluation.
   */
  List<Integer> evaluationsPerIteration() {
    List<Double> timesteps = numbers("timesteps");
    List<Integer> out = new ArrayList<>();
    for (int i = 0; i < loopIterations(); i++) {
      out.add(
          switch (kind()) {
            case "score_sde_ve" -> 1 + json.get("constructor").path("correct_steps").asInt(1);
            case "repaint" -> i == 0 || timesteps.get(i) < timesteps.get(i - 1) ? 1 : 0;
            default -> 1;
          });
    }
    return out;
  }

  /** Returns the network's timestep at each evaluation. */
  List<Double> networkTimesteps() {
    List<Double> timesteps = numbers(kind().equals("score_sde_ve") ? "sigmas" : "timesteps");
    List<Integer> evaluations = evaluationsPerIteration();
    List<Double> out = new ArrayList<>();
    for (int i = 0; i < loopIterations(); i++) {
      for (int j = 0; j < evaluations.get(i); j++) {
        out.add(timesteps.get(i));
      }
    }
    return out;
  }

  float[] array(String name) {
    return Golden.npy(folder(id()) + name + ".npy").floats();
  }

  static float[] input(String name) {
    Npy file = Golden.npy("inputs/" + name + ".npy");
    return file.floats();
  }

  AnalyticModel model() {
    return AnalyticModel.named(json.get("model").asText());
  }

  SamplingSpec spec() {
    Map<String, Object> requested = new HashMap<>(map("constructor"));
    requested.put("_class_name", scheduler());
    Map<String, Object> arguments = new HashMap<>(map("step"));
    Map<String, Object> given = new HashMap<>(map("set_timesteps"));
    Steps steps = steps(given);
    arguments.putAll(given);
    if (json.has("eta")) {
      arguments.put("eta", json.get("eta").asDouble());
    }
    double strength = json.has("strength") ? json.get("strength").asDouble() : 1;
    SchedulerConfig config = new SchedulerConfig(Map.of(), requested);
    return new SamplingSpec(config, steps, arguments, strength);
  }

  private Steps steps(Map<String, Object> given) {
    if (given.remove("timesteps") != null) {
      return new Steps.Timesteps(listed("timesteps"));
    }
    if (given.remove("sigmas") != null) {
      return new Steps.Sigmas(listed("sigmas"));
    }
    return new Steps.Count(json.get("num_inference_steps").asInt());
  }

  private List<Double> listed(String key) {
    List<Double> out = new ArrayList<>();
    json.get("set_timesteps").get(key).forEach(each -> out.add(each.asDouble()));
    return out;
  }

  private Map<String, Object> map(String key) {
    return JACKSON.convertValue(
        json.get(key), new com.fasterxml.jackson.core.type.TypeReference<Map<String, Object>>() {});
  }

  private static String folder(String id) {
    return "samplers/" + id + "/";
  }

  @Override
  public String toString() {
    return id();
  }
}
