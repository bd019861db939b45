package io.darkroom.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.engine.LoadedModel;
import io.darkroom.job.Fingerprint;
import io.darkroom.job.Manifest;
import io.darkroom.job.Size;
import io.darkroom.json.Decoded;
import io.darkroom.json.RequestCodec;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Findings;
import io.darkroom.model.ModelCard;
import io.darkroom.model.Profile;
import io.darkroom.onnx.PackageReader;
import io.darkroom.plan.Limits;
import io.darkroom.plan.Planner;
import io.darkroom.render.ServedModels;
import io.darkroom.replay.Finding;
import io.darkroom.replay.ManifestFinder;
import io.darkroom.replay.Recorded;
import io.darkroom.replay.Verdict;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Starter packages: 1 s for a row of emoji-32, 5 s for one of emoji-sr4 with 64 x 64 pixels,
 * emoji-64 not measured.
 */
class ReplayCostsTest {
  private static final Fingerprint.Device CPU =
      new Fingerprint.Device(
          "1.28.0", "cpu", Map.of(), "cpu", "", 1, "float32", "all", "exact", "1-8");
  private static final String SMALL =
      "\"kind\":\"generate\",\"model\":\"emoji-32\",\"guidance_scale\":1,\"num_inference_steps\":";
  private static final String LARGE =
      "{\"kind\":\"upscale\",\"model\":\"emoji-sr4\",\"num_inference_steps\":4";

  private final ReplayCosts costs =
      new ReplayCosts(
          new ServedModels(
              Map.of(
                  "emoji-32", served("emoji-32", 1),
                  "emoji-64", served("emoji-64", 0),
                  "emoji-sr4", served("emoji-sr4", 5))),
          new Planner(new Limits(1 << 22, 1000, 64, 20_000_000_000L)));

  @Test
  void everyStageCountsForItsOwnModel() {
    visit(SMALL + "10,\"then\":[" + LARGE + "}]", 128);
    visit(SMALL + "3", 32);

    assertRow("emoji-32", 2, 13, "13.0");
    assertRow("emoji-sr4", 1, 4, "80.0");
  }

  @Test
  void twoStagesOfOneModelAreOneRequest() {
    String again = "{\"kind\":\"upscale\",\"model\":\"emoji-sr4\",\"num_inference_steps\":1}";
    visit(SMALL + "10,\"then\":[" + LARGE + "}," + again + "]", 512);

    assertRow("emoji-32", 1, 10, "10.0");
    assertRow("emoji-sr4", 1, 4 + 1, "400.0");
  }

  @Test
  void theStoredResultGivesTheSizeOfAnEnlargement() {
    visit(LARGE.substring(1) + ",\"image\":{\"uri\":\"s3://darkroom/k.png\"}", 256);

    assertRow("emoji-sr4", 1, 4, "320.0");
  }

  @Test
  void aModelThatWasNotMeasuredHasNoTime() {
    visit(SMALL.replace("32", "64") + "3,\"prompt\":\"a ball\"", 64);

    assertRow("emoji-64", 1, 3, "not known");
  }

  @Test
  void requestsOfMissingModelsAreNotReplayable() {
    visit(SMALL + "3,\"then\":[" + LARGE.replace("emoji-sr4", "absent") + "}]", 128);
    visit(SMALL + "3,\"width\":7,\"height\":7", 7);
    Finding finding = new Finding("a", "b", Verdict.NOT_REPLAYABLE, List.of());
    costs.visit(new ManifestFinder.Found.Nothing(finding));

    assertRow("(not replayable)", 3, 0, "0.0");
  }

  private void assertRow(String model, int requests, int evaluations, String seconds) {
    String row =
        "\\Q%s\\E +\\| +%d \\| +%d \\| +%s ".formatted(model, requests, evaluations, seconds);
    assertThat(costs.table()).containsPattern(row);
  }

  private void visit(String fields, int side) {
    byte[] json = ("{\"id\":\"a\"," + fields + "}").getBytes(StandardCharsets.UTF_8);
    Decoded read = new RequestCodec(RequestCodec.DEFAULT_MAX_BYTES).read(json, "application/json");
    assertThat(read).as(fields).isInstanceOf(Decoded.Valid.class);
    Recorded recorded = new Recorded("here", ((Decoded.Valid) read).request(), rendered(side));
    costs.visit(new ManifestFinder.Found.Request(recorded));
  }

  /** A manifest with one square picture. */
  private static Manifest rendered(int side) {
    Manifest.OutputFile output =
        new Manifest.OutputFile(
            0,
            1,
            "s3://a/b",
            "image/png",
            List.of(),
            Optional.of(new Size(side, side)),
            1,
            "",
            "",
            Optional.empty());
    return new Manifest(
        "a",
        "",
        Map.of(),
        List.of(output),
        List.of(),
        List.of(),
        new Manifest.Timings(0, 0, 0, 0, 0, 0, 0),
        1,
        1,
        1,
        List.of(),
        Map.of(),
        Optional.empty());
  }

  private static LoadedModel served(String name, double secondsPerRow) {
    ModelCard card = card(name);
    int elements = card.sampleOf(card.standardSize()).size();
    Profile profile =
        secondsPerRow == 0
            ? Profile.NONE
            : new Profile(List.of(new Profile.Point(2, secondsPerRow * 1e3)));
    Findings findings = new Findings(Map.of(), false, new Findings.Memory(1, 1, elements), profile);
    return new LoadedModel(card, CPU, Map.of(), findings);
  }

  private static ModelCard card(String name) {
    try {
      return PackageReader.read(Path.of("src/main/models", name)).card();
    } catch (BrokenPackage broken) {
      throw new AssertionError(broken);
    }
  }
}
