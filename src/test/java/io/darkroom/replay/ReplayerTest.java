package io.darkroom.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.engine.LoadedModel;
import io.darkroom.job.ErrorClass;
import io.darkroom.job.Fingerprint;
import io.darkroom.job.Problem;
import io.darkroom.job.RenderOutcome;
import io.darkroom.job.RenderRequest;
import io.darkroom.json.Decoded;
import io.darkroom.json.RequestCodec;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Findings;
import io.darkroom.onnx.PackageReader;
import io.darkroom.render.Account;
import io.darkroom.render.Bytes;
import io.darkroom.render.Delivery;
import io.darkroom.render.Intake;
import io.darkroom.render.ObjectUri;
import io.darkroom.render.ServedModels;
import io.darkroom.render.Settlement;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Results of different candidates and of different requests go to different folders. */
class ReplayerTest {
  private static final RequestCodec CODEC = new RequestCodec(RequestCodec.DEFAULT_MAX_BYTES);

  private final List<String> prefixes = new ArrayList<>();

  @Test
  void everyPartOfTheCandidateGivesAnotherFolder() {
    Map<String, LoadedModel> usual =
        Map.of(
            "emoji-32",
            served("emoji-32", 1, "exact"),
            "emoji-sr4",
            served("emoji-sr4", 1, "exact"));

    replay(usual, "1.0", cascade(1));
    replay(withModel(usual, "emoji-32", served("emoji-32", 2, "exact")), "1.0", cascade(1));
    replay(withModel(usual, "emoji-32", served("emoji-32", 1, "fast")), "1.0", cascade(1));
    replay(withModel(usual, "emoji-32", served("emoji-64", 1, "exact")), "1.0", cascade(1));
    replay(withModel(usual, "emoji-sr4", served("emoji-sr4", 2, "exact")), "1.0", cascade(1));
    replay(usual, "1.1", cascade(1));
    replay(usual, "1.0", cascade(2));

    assertThat(prefixes)
        .doesNotHaveDuplicates()
        .allMatch(prefix -> prefix.matches("s3://replays/pictures/[0-9a-f]{12}/"));
  }

  @Test
  void anEqualCandidateReusesItsResults() {
    Map<String, LoadedModel> usual = Map.of("emoji-32", served("emoji-32", 1, "exact"));

    replay(usual, "1.0", cascade(1));
    replay(Map.copyOf(usual), "1.0", cascade(1));
    replay(withModel(usual, "emoji-64", served("emoji-64", 1, "exact")), "1.0", cascade(1));

    assertThat(prefixes).hasSize(3);
    assertThat(prefixes.stream().distinct()).as("other models do not matter").hasSize(1);
  }

  private void replay(Map<String, LoadedModel> models, String version, RenderRequest request) {
    Replayer replayer =
        new Replayer(
            new Recording(),
            new ServedModels(models),
            version,
            ObjectUri.parse("s3://replays/"),
            Clock.systemUTC());
    replayer.replay("a.png", request, new Bytes(new byte[0]));
  }

  private static Map<String, LoadedModel> withModel(
      Map<String, LoadedModel> models, String name, LoadedModel model) {
    Map<String, LoadedModel> others = new HashMap<>(models);
    others.put(name, model);
    return others;
  }

  private static RenderRequest cascade(int seed) {
    return read(
        """
        {"id": "one", "kind": "generate", "model": "emoji-32", "seed": %d,
         "then": [{"kind": "upscale", "model": "emoji-sr4"}]}
        """
            .formatted(seed)
            .getBytes(StandardCharsets.UTF_8));
  }

  private static RenderRequest read(byte[] json) {
    Decoded read = CODEC.read(json, "application/json");
    assertThat(read).isInstanceOf(Decoded.Valid.class);
    return ((Decoded.Valid) read).request();
  }

  /** Rejects requests, and keeps their prefixes. */
  private final class Recording implements Intake {
    @Override
    public Settlement settle(Delivery delivery) {
      prefixes.add(read(delivery.body().array()).output().prefix().orElseThrow());
      Problem problem = Problem.of(ErrorClass.INVALID, "not rendered");
      return new Settlement(
          new RenderOutcome.Rejected("one", "", problem), false, Account.empty(Instant.EPOCH));
    }

    @Override
    public Settlement giveUp(Delivery delivery, Problem problem) {
      throw new AssertionError("a replay must not give up a request: " + problem.message());
    }
  }

  /** Returns a model with the files of a starter package. */
  private static LoadedModel served(String files, int threads, String tier) {
    Fingerprint.Device device =
        new Fingerprint.Device(
            "1.28.0", "cpu", Map.of(), "cpu", "", threads, "float32", "all", tier, "1-8");
    try {
      return new LoadedModel(
          PackageReader.read(Path.of("src/main/models", files)).card(),
          device,
          Map.of(),
          Findings.NONE);
    } catch (BrokenPackage broken) {
      throw new AssertionError(broken);
    }
  }
}
