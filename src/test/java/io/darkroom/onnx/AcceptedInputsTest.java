package io.darkroom.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import io.darkroom.job.Tier;
import io.darkroom.json.Decoded;
import io.darkroom.json.RequestCodec;
import io.darkroom.model.Layout;
import io.darkroom.model.ModelCard;
import io.darkroom.plan.InvalidPlan;
import io.darkroom.plan.Limits;
import io.darkroom.plan.Planner;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that sizes and timesteps that only the graph of a network forbids are violations of the
 * plan.
 */
class AcceptedInputsTest {
  @TempDir Path folder;

  private Path tiny(GraphProto graph, String config) throws Exception {
    Path tiny = folder.resolve("tiny");
    TinyPackage.write(tiny, graph);
    Files.writeString(tiny.resolve("unet/config.json"), config.replace('\'', '"'));
    return tiny;
  }

  private static ModelCard card(Path tiny) throws Exception {
    ModelPackage pack = PackageReader.read(tiny);
    try (OrtNetworks networks = OrtNetworks.load(pack, new NetworkSettings(1, 2, Tier.EXACT))) {
      return networks.card();
    }
  }

  private List<Layout.Dimension> sides(GraphProto graph, String config) throws Exception {
    return card(tiny(graph, config)).network().layout().sides();
  }

  private static Layout.Dimension side(String name, int size, int multiple) {
    return new Layout.Dimension(name, size, true, multiple, Integer.MAX_VALUE);
  }

  private static Layout.Dimension fixed(String name, int size) {
    return new Layout.Dimension(name, size, false, 1, size);
  }

  @Test
  void theMultipleOfASideFollowsFromBlocksOfTheGraph() throws Exception {
    String sound = "{'sample_size': 64, 'sample_rate': 8000, 'size_multiple': %d}";
    GraphProto inBlocks = FilmPackage.inBlocksOf(8, "3", "length");
    assertThat(sides(inBlocks, sound.formatted(1))).containsExactly(side(Layout.LENGTH, 64, 8));
    assertThat(sides(inBlocks, sound.formatted(16))).containsExactly(side(Layout.LENGTH, 64, 16));
    assertThat(
            sides(FilmPackage.inBlocksOf(6, "3", "length"), sound.formatted(2).replace("64", "66")))
        .containsExactly(side(Layout.LENGTH, 66, 6));
  }

  @Test
  void eachSideOfAFilmIsTested() throws Exception {
    assertThat(
            sides(
                FilmPackage.inBlocksOf(4, "3", "frames", "height", "width"),
                "{'sample_size': 8, 'num_frames': 3, 'size_multiple': 1}"))
        .containsExactly(
            side(Layout.FRAMES, 3, 1), side(Layout.HEIGHT, 8, 1), side(Layout.WIDTH, 8, 4));
  }

  @Test
  void aTensorOfRank2IsTested() throws Exception {
    assertThat(
            sides(
                FilmPackage.inBlocksOf(5, "points"), "{'sample_shape': ['points'], 'points': 10}"))
        .containsExactly(side("points", 10, 5));
  }

  @Test
  void sidesThatTheGraphFixesAreFixed() throws Exception {
    assertThat(sides(TinyPackage.plusAPictureOf(8), "{'sample_size': 8}"))
        .containsExactly(fixed(Layout.HEIGHT, 8), fixed(Layout.WIDTH, 8));
  }

  @Test
  void sidesThatMustBeEqualStayOpen() throws Exception {
    GraphProto square =
        TinyPackage.graph(0)
            .addInitializer(TinyPackage.numbers("column", -1, 1, 1, 1))
            .addNode(
                TinyPackage.node("Transpose", "turned", "sample").toBuilder()
                    .addAttribute(
                        AttributeProto.newBuilder()
                            .setName("perm")
                            .setType(AttributeProto.AttributeType.INTS)
                            .addAllInts(List.of(0L, 1L, 3L, 2L))))
            .addNode(TinyPackage.node("Reshape", "t", "timestep", "column"))
            .addNode(TinyPackage.node("Mul", "weighted", "sample", "t"))
            .addNode(TinyPackage.node("Add", "out_sample", "weighted", "turned"))
            .build();
    assertThat(sides(square, "{'sample_size': 8}"))
        .containsExactly(side(Layout.HEIGHT, 8, 1), side(Layout.WIDTH, 8, 1));
  }

  /** Returns the violations of a request, and an empty list if it is planned. */
  private static List<String> violations(ModelCard card, String more) {
    String json = "{'id': 'a', 'kind': 'generate', 'model': 'tiny', %s}".formatted(more);
    Decoded decoded =
        new RequestCodec(1 << 20)
            .read(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), "application/json");
    try {
      new Planner(new Limits(1 << 24, 1000, 4096, Long.MAX_VALUE))
          .draft(((Decoded.Valid) decoded).request(), card);
      return List.of();
    } catch (InvalidPlan invalid) {
      return invalid.violations().stream()
          .map(each -> each.pointer() + ": " + each.message())
          .toList();
    }
  }

  @Test
  void aFixedSideIsAViolation() throws Exception {
    ModelCard card = card(tiny(TinyPackage.plusAPictureOf(8), "{'sample_size': 8}"));
    assertThat(violations(card, "'width': 8, 'height': 8")).isEmpty();
    assertThat(violations(card, "'width': 16, 'height': 8"))
        .containsExactly("/width: must be 8 for tiny, is 16");
  }

  @Test
  void aTimestepBeyondTheTableIsAViolation() throws Exception {
    Path tiny = tiny(TinyPackage.withATableOf(50), "{'sample_size': 8}");
    Files.writeString(
        tiny.resolve("scheduler/scheduler_config.json"),
        "{\"_class_name\": \"DDIMScheduler\", \"num_train_timesteps\": 50}");
    ModelCard card = card(tiny);

    assertThat(card.network().mostTimestep()).isEqualTo(49);
    assertThat(violations(card, "'num_inference_steps': 50")).isEmpty();
    String longer = "'scheduler': {'num_train_timesteps': 1000}, ";
    assertThat(violations(card, longer + "'num_inference_steps': 50"))
        .containsExactly(
            "/scheduler/num_train_timesteps: must give timesteps of at most 49 for tiny, gives 980");
    assertThat(violations(card, longer + "'timesteps': [90, 49]"))
        .containsExactly("/timesteps: must give timesteps of at most 49 for tiny, gives 90");
    assertThat(violations(card, longer + "'timesteps': [49, 10]")).isEmpty();
  }

  @Test
  void aNetworkWithoutATableTakesEveryTimestep() throws Exception {
    ModelCard card = card(tiny(TinyPackage.boundedByItsMeanOver(3), "{'sample_size': 8}"));
    assertThat(card.network().mostTimestep()).isEqualTo(ModelCard.Network.ANY_TIMESTEP);
  }
}
