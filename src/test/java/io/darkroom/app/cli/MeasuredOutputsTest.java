package io.darkroom.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import io.darkroom.GoldenPackages;
import io.darkroom.ScanPackage;
import io.darkroom.json.Schemas;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code compare} and {@code verify} of sounds and pictures with 16 bits. */
class MeasuredOutputsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ProofBench bench = new ProofBench();
  @TempDir Path folder;

  @Test
  void soundsAndPicturesWith16BitsAreMeasuredAndVerified() throws Exception {
    Path models = folder.resolve("models");
    ProofBench.copy(GoldenPackages.folder("wave-mini"), models.resolve("wave-mini"));
    ScanPackage.write(models.resolve("scans"));
    Path renders = folder.resolve("renders");
    Path sound = request("sound", "wave-mini", "");
    Path scan =
        request("scan", "scans", ", \"class_label\": \"5\", \"output\": {\"format\": \"png\"}");
    assertThat(bench.run("render", "--models", models, "-o", renders, sound, scan)).isZero();
    assertThat(bench.run("verify", "--store", renders, renders.resolve("pictures"))).isZero();

    changeNetwork(models.resolve("wave-mini"));
    changeNetwork(models.resolve("scans"));
    Path report = folder.resolve("report.json");
    Object[] compare = {"compare", "--models", models, "--store", renders, "--report", report};
    Object[] more = {"--manifests", "s3://pictures/", "-o", folder.resolve("again")};
    assertThat(bench.run(compare, more)).isEqualTo(1);

    Schemas.assertValid("replay-report", Files.readAllBytes(report));
    for (JsonNode request : JSON.readTree(report.toFile()).path("requests")) {
      JsonNode measure = request.at("/measures/0");
      assertThat(measure.path("largest").doubleValue()).as("" + request).isBetween(1.0, 65535.0);
      assertThat(measure.path("rms").doubleValue()).isPositive();
    }
  }

  private Path request(String id, String model, String more) throws IOException {
    String json =
        """
        {"id": "%s", "kind": "generate", "model": "%s", "seed": 7, "num_inference_steps": 3%s}
        """;
    return Files.writeString(folder.resolve(id + ".json"), json.formatted(id, model, more));
  }

  /** Halves the weights of the largest tensor. */
  private static void changeNetwork(Path model) throws IOException {
    Path file = model.resolve("unet/model.onnx");
    ModelProto.Builder network = ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder();
    TensorProto.Builder largest =
        network.getGraphBuilder().getInitializerBuilderList().stream()
            .max(Comparator.comparingInt(tensor -> tensor.getRawData().size()))
            .orElseThrow();
    ByteBuffer weights =
        ByteBuffer.wrap(largest.getRawData().toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < weights.capacity(); i += Float.BYTES) {
      weights.putFloat(i, weights.getFloat(i) / 2);
    }
    largest.setRawData(ByteString.copyFrom(weights.array()));
    Files.write(file, network.build().toByteArray());
  }
}
