package io.darkroom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import io.darkroom.engine.EngineObserver;
import io.darkroom.engine.StageOutcome;
import io.darkroom.job.RenderRequest;
import io.darkroom.job.Tier;
import io.darkroom.job.Violation;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.DeviceCost;
import io.darkroom.model.ModelCard;
import io.darkroom.onnx.NetworkSettings;
import io.darkroom.onnx.OrtNetworks;
import io.darkroom.onnx.PackageReader;
import io.darkroom.plan.InvalidPlan;
import io.darkroom.plan.Limits;
import io.darkroom.plan.PlanDigest;
import io.darkroom.plan.Planner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Adapters of a network, compared with networks that have the same change in their weights. */
class LoraTest {
  private static final Planner PLANNER = new Planner(new Limits(1 << 24, 1000, 64, Long.MAX_VALUE));
  private static final float ROUNDING = 2e-4f;
  private static final int STEPS = 2;
  private static final int SLOTS = 6;

  /** Rows of two guided images. */
  private static final int ROWS = 4;

  @TempDir private Path folder;

  private final AtomicInteger calls = new AtomicInteger();
  private final EngineObserver counting = (model, call) -> calls.incrementAndGet();

  private Path adaptable() throws Exception {
    return LoraPackages.adaptable(folder.resolve("sd-lora"), "five", "seven");
  }

  @Test
  void anAdapterIsTheSameAsItsChangeInTheWeights() throws Exception {
    Path five = LoraPackages.merged(folder.resolve("merged-five"), 5);
    Path seven = LoraPackages.merged(folder.resolve("merged-seven"), 7);
    Path plain = GoldenPackages.folder("sd-mini");
    try (DirectEngine directEngine =
        new DirectEngine(SLOTS, ROWS, counting, adaptable(), five, seven, plain)) {
      float[] none = sample(directEngine, "sd-lora", "");
      assertThat(none).containsExactly(sample(directEngine, "sd-mini", ""), within(ROUNDING));
      for (String name : List.of("five", "seven")) {
        float[] adapted = sample(directEngine, "sd-lora", name);
        assertThat(adapted)
            .containsExactly(sample(directEngine, "merged-" + name, ""), within(ROUNDING));
        assertThat(most(adapted, none)).isGreaterThan(20 * ROUNDING);
      }
      assertThat(sample(directEngine, "sd-lora", "")).isEqualTo(none);
    }
  }

  @Test
  void rowsWithDifferentAdaptersRunInSeparateCallsWithTheSameBits() throws Exception {
    try (DirectEngine directEngine = new DirectEngine(SLOTS, ROWS, counting, adaptable())) {
      float[] none = sample(directEngine, "sd-lora", "");
      float[] five = sample(directEngine, "sd-lora", "five");
      float[] seven = sample(directEngine, "sd-lora", "seven");
      assertThat(callsOf(directEngine, List.of("five", "five"), List.of(five, five)))
          .isEqualTo(STEPS);
      assertThat(callsOf(directEngine, List.of("five", "seven"), List.of(five, seven)))
          .isEqualTo(2 * STEPS);
      assertThat(
              callsOf(
                  directEngine,
                  List.of("five", "", "seven", "five", ""),
                  List.of(five, none, seven, five, none)))
          .isEqualTo(3 * STEPS);
    }
  }

  private int callsOf(DirectEngine directEngine, List<String> adapters, List<float[]> expected) {
    int before = calls.get();
    List<StageOutcome> outcomes =
        directEngine.render(
            adapters.stream()
                .map(adapter -> request(directEngine, "sd-lora", lora(adapter)))
                .toList());
    for (int i = 0; i < expected.size(); i++) {
      StageOutcome.Done done = (StageOutcome.Done) outcomes.get(i);
      assertThat(done.pictures().get(0).sample().values()).isEqualTo(expected.get(i));
    }
    return calls.get() - before;
  }

  private static float[] sample(DirectEngine directEngine, String model, String adapter) {
    return directEngine
        .render(request(directEngine, model, lora(adapter)))
        .get(0)
        .sample()
        .values();
  }

  private static double most(float[] a, float[] b) {
    double most = 0;
    for (int i = 0; i < a.length; i++) {
      most = Math.max(most, Math.abs(a[i] - b[i]));
    }
    return most;
  }

  private static String lora(String adapter) {
    return adapter.isEmpty() ? "" : ", \"loras\": [{\"model\": \"" + adapter + "\"}]";
  }

  private static RenderRequest request(DirectEngine directEngine, String model, String more) {
    return directEngine.request(
        """
        {"id": "lora", "kind": "generate", "model": "%s", "prompt": "a fox", "seed": 1,
         "guidance_scale": 4, "width": 32, "height": 32, "num_inference_steps": %d,
         "scheduler": {"_class_name": "ddim"}%s}
        """
            .formatted(model, STEPS, more));
  }

  @Test
  void adaptersThatDoNotExistAndScalesAreViolations() throws Exception {
    ModelCard card = PackageReader.read(adaptable()).card();
    assertThat(violations(card, "[{\"model\": \"six\"}]"))
        .containsExactly(
            new Violation("/loras/0/model", "must be an adapter of sd-lora (five, seven), is six"));
    assertThat(violations(card, "[{\"model\": \"five\", \"scale\": 0.5}]"))
        .singleElement()
        .satisfies(each -> assertThat(each.pointer()).isEqualTo("/loras/0/scale"))
        .satisfies(each -> assertThat(each.message()).startsWith("must be 1").endsWith("is 0.5"));
    assertThat(violations(card, "[{\"model\": \"five\"}, {\"model\": \"seven\"}]"))
        .singleElement()
        .satisfies(each -> assertThat(each.pointer()).isEqualTo("/loras"))
        .satisfies(each -> assertThat(each.message()).endsWith("has 2"));
    ModelCard without = PackageReader.read(GoldenPackages.folder("sd-mini")).card();
    assertThat(violations(without, "[{\"model\": \"five\"}]"))
        .containsExactly(new Violation("/loras", "must be left out: sd-mini has no adapters"));
  }

  @Test
  void anAdapterAndACacheTogetherAreAViolation() throws Exception {
    ModelCard card = PackageReader.read(adaptable()).card();
    assertThat(violations(card, "[{\"model\": \"five\"}], \"cache\": {\"interval\": 2}"))
        .containsExactly(
            new Violation("/cache", "must be left out if loras are given: leave out one"));
  }

  private static List<Violation> violations(ModelCard card, String loras) throws Exception {
    try (DirectEngine directEngine = new DirectEngine(1, EngineObserver.NONE)) {
      RenderRequest request = request(directEngine, card.name(), ", \"loras\": " + loras);
      return catchThrowableOfType(InvalidPlan.class, () -> PLANNER.draft(request, card))
          .violations();
    }
  }

  @Test
  void digestsOfPlanAndPackageCoverTheAdapters() throws Exception {
    ModelCard card = PackageReader.read(adaptable()).card();
    assertThat(card.components()).containsKey("loras");
    assertThat(digest(card, "five")).isNotEqualTo(digest(card, "seven"));
    assertThat(digest(card, ""))
        .isEqualTo(digest(PackageReader.read(GoldenPackages.folder("sd-mini")).card(), ""))
        .isNotEqualTo(digest(card, "five"));
    Path loras = folder.resolve("sd-lora/loras");
    Files.delete(loras.resolve("seven.onnx_adapter"));
    assertThat(PackageReader.read(folder.resolve("sd-lora")).card().sha256())
        .isNotEqualTo(card.sha256());
  }

  private static String digest(ModelCard card, String adapter) throws Exception {
    try (DirectEngine directEngine = new DirectEngine(1, EngineObserver.NONE)) {
      return PlanDigest.of(
          PLANNER
              .draft(request(directEngine, card.name(), lora(adapter)), card)
              .complete(Map.of(), DeviceCost.NONE)
              .first());
    }
  }

  @Test
  void anAdapterThatDoesNotFitIsRefusedAtLoad() throws Exception {
    Path narrow = LoraPackages.adaptable(folder.resolve("other"), "narrow");
    refused(narrow, "narrow");
    Path damaged = LoraPackages.adaptable(folder.resolve("damaged"));
    Files.writeString(damaged.resolve("loras/text.onnx_adapter"), "no adapter");
    refused(damaged, "text");
  }

  private static void refused(Path pack, String adapter) {
    assertThatThrownBy(
            () -> OrtNetworks.load(PackageReader.read(pack), new NetworkSettings(1, 2, Tier.EXACT)))
        .isInstanceOf(BrokenPackage.class)
        .hasMessageContaining("loras/" + adapter + ".onnx_adapter");
  }
}
