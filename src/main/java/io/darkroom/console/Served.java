package io.darkroom.console;

import io.darkroom.json.JsonTree;
import io.darkroom.text.Printable;
import java.util.List;
import java.util.Map;

/**
 * A model that a worker serves, from the fingerprint of a result.
 *
 * @param tier determinism tier
 * @param device the device, e.g. {@code x86_64 avx2}
 * @param provider execution provider, e.g. {@code cpu}
 */
record Served(String model, String tier, String device, String provider) {
  private static final int MOST_STAGES = 8;
  private static final int LONGEST = 128;

  /** Returns the models of the stages of a completed event; none for other events. */
  static List<Served> of(Map<String, Object> event) {
    return JsonTree.objects(event, "stages", MOST_STAGES).stream().map(Served::ofStage).toList();
  }

  private static Served ofStage(Map<String, Object> stage) {
    Map<String, Object> fingerprint = JsonTree.object(stage, "fingerprint");
    return new Served(
        text(stage, "model"),
        text(fingerprint, "determinism_tier"),
        text(fingerprint, "device"),
        text(fingerprint, "execution_provider"));
  }

  private static String text(Map<String, Object> tree, String name) {
    return Printable.line(JsonTree.text(tree, name), LONGEST);
  }

  Map<String, Object> tree() {
    return Map.of("model", model, "tier", tier, "device", device, "provider", provider);
  }
}
