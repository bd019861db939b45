package io.darkroom.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import io.darkroom.GoldenPackages;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EarlierStatesTest {
  private static final int LAYERS = 2;

  private static GraphProto graph(String component) throws Exception {
    String[] parts = component.split("/", 2);
    Path network = GoldenPackages.folder(parts[0]).resolve(parts[1]).resolve("model.onnx");
    return ModelProto.parseFrom(Files.readAllBytes(network)).getGraph();
  }

  /** Encoders of several exporters: the norm is one operator, or several. */
  @ParameterizedTest
  @CsvSource({
    "sd-mini/text_encoder, 9",
    "lcm-mini/text_encoder, 1",
    "sd-upscale-mini/text_encoder, 9",
    "sdxl-mini/text_encoder, 9",
    "sdxl-mini/text_encoder_2, 9",
    "sd3-mini/text_encoder, 1"
  })
  void onlyTheNormIsCopied(String component, int norm) throws Exception {
    GraphProto graph = graph(component);
    GraphProto edited = EarlierStates.added(graph, LAYERS).orElseThrow();

    assertThat(edited.getNodeList().subList(0, graph.getNodeCount()))
        .isEqualTo(graph.getNodeList());
    assertThat(edited.getNodeCount()).isEqualTo(graph.getNodeCount() + LAYERS * norm);
    assertThat(edited.getOutputList().subList(graph.getOutputCount(), edited.getOutputCount()))
        .extracting(output -> output.getName())
        .containsExactly("last_hidden_state.1", "last_hidden_state.2");
  }

  @Test
  void statesThatAreOutputsAreThoseOfTheResidualSums() throws Exception {
    GraphProto graph = graph("sdxl-mini/text_encoder");
    GraphProto.Builder unnamed = graph.toBuilder().clearOutput();
    graph.getOutputList().stream()
        .filter(output -> !output.getName().startsWith("hidden_states."))
        .forEach(unnamed::addOutput);

    assertThat(unnamed.getOutputCount()).isEqualTo(2);
    assertThat(added(unnamed.build())).isEqualTo(added(graph)).isNotEmpty();
  }

  private static List<NodeProto> added(GraphProto graph) {
    GraphProto edited = EarlierStates.added(graph, LAYERS).orElseThrow();
    return edited.getNodeList().subList(graph.getNodeCount(), edited.getNodeCount());
  }

  @Test
  void otherGraphsAreNotEdited() throws Exception {
    GraphProto clip = graph("sd-mini/text_encoder");
    GraphProto.Builder fused = clip.toBuilder();
    fused
        .getNodeBuilderList()
        .forEach(
            node ->
                node.setOpType(
                    node.getOpType().equals("Sub") ? "SkipLayerNormalization" : node.getOpType()));

    assertThat(EarlierStates.added(clip, LAYERS + 1)).as("number of layers").isEmpty();
    assertThat(EarlierStates.added(fused.build(), LAYERS)).as("fused").isEmpty();
    assertThat(EarlierStates.added(graph("sd-mini/unet"), LAYERS)).as("no text").isEmpty();
  }
}
