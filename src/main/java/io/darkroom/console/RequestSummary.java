package io.darkroom.console;

import io.darkroom.json.JsonTree;
import io.darkroom.text.Printable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A short summary of a request. Texts are shortened. A field that the request does not have is
 * empty or 0.
 *
 * @param model name of the package of the first stage, without a digest
 * @param sampler name of the sampler in the request
 * @param steps number of steps of the first stage
 * @param prompt the prompt, or the class label
 * @param stages models of all stages, in order
 */
record RequestSummary(String model, String sampler, int steps, String prompt, List<String> stages) {
  static final RequestSummary NOTHING = new RequestSummary("", "", 0, "", List.of());

  /** Stages after the first one that a valid request can have. */
  private static final int MOST_STAGES = 4;

  private static final int LONGEST_NAME = 128;
  private static final int LONGEST_PROMPT = 240;

  RequestSummary {
    stages = List.copyOf(stages);
  }

  /** Returns the summary of a JSON tree, which may be an invalid request. */
  static RequestSummary of(Map<String, Object> request) {
    String label = String.valueOf(request.getOrDefault("class_label", ""));
    String prompt = JsonTree.text(request, "prompt");
    return new RequestSummary(
        model(request),
        Printable.line(
            JsonTree.text(JsonTree.object(request, "scheduler"), "_class_name"), LONGEST_NAME),
        (int) Math.max(0, JsonTree.integer(request, "num_inference_steps", 0)),
        Printable.line(prompt.isEmpty() ? label : prompt, LONGEST_PROMPT),
        JsonTree.objects(request, "then", MOST_STAGES).stream()
            .map(RequestSummary::model)
            .toList());
  }

  private static String model(Map<String, Object> stage) {
    String name = JsonTree.text(stage, "model");
    int digest = name.indexOf('@');
    return Printable.line(digest < 0 ? name : name.substring(0, digest), LONGEST_NAME);
  }

  Map<String, Object> tree() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("model", model);
    tree.put("sampler", sampler);
    tree.put("steps", steps);
    tree.put("prompt", prompt);
    tree.put("then", stages);
    return tree;
  }
}
