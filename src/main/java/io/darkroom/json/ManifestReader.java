package io.darkroom.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.darkroom.job.Attestation;
import io.darkroom.job.Fingerprint;
import io.darkroom.job.Manifest;
import io.darkroom.job.Size;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Converts JSON that conforms to the schema of completed events to a manifest. */
final class ManifestReader {
  private final JsonNode manifest;

  ManifestReader(JsonNode manifest) {
    this.manifest = manifest;
  }

  Manifest read() {
    return new Manifest(
        manifest.path("request_id").textValue(),
        manifest.path("request_sha256").textValue(),
        JsonValues.exact(manifest.path("request")),
        elements(manifest, "outputs", ManifestReader::output),
        elements(manifest, "inputs", ManifestReader::input),
        elements(manifest, "stages", ManifestReader::stage),
        timings(manifest.path("timings_ms")),
        integer(manifest, "steps"),
        whole(manifest, "model_evaluations"),
        integer(manifest, "attempts"),
        elements(manifest, "warnings", JsonNode::textValue),
        JsonValues.exact(manifest.path("metadata")),
        attestation());
  }

  private Optional<Attestation> attestation() {
    JsonNode envelope = manifest.path("attestation");
    JsonNode signature = envelope.path("signatures").path(0);
    return envelope.isMissingNode()
        ? Optional.empty()
        : Optional.of(
            new Attestation(
                envelope.path("payloadType").textValue(),
                envelope.path("payload").textValue(),
                signature.path("keyid").textValue(),
                signature.path("sig").textValue()));
  }

  private static <T> List<T> elements(JsonNode object, String name, Function<JsonNode, T> element) {
    return StreamSupport.stream(object.path(name).spliterator(), false).map(element).toList();
  }

  /** Reads the lists of files in {@code outputs}. */
  static List<List<Manifest.OutputFile>> outputLists(JsonNode lists) {
    return StreamSupport.stream(lists.path("outputs").spliterator(), false)
        .map(list -> StreamSupport.stream(list.spliterator(), false))
        .map(files -> files.map(ManifestReader::output).toList())
        .toList();
  }

  private static Manifest.OutputFile output(JsonNode output) {
    return new Manifest.OutputFile(
        integer(output, "index"),
        SeedJson.read(output.path("seed")),
        output.path("uri").textValue(),
        output.path("media_type").textValue(),
        elements(output, "shape", side -> side.decimalValue().intValueExact()),
        size(output),
        whole(output, "bytes"),
        output.path("sha256").textValue(),
        output.path("pixels_sha256").textValue(),
        Optional.of(output.path("animation"))
            .filter(JsonNode::isObject)
            .map(ManifestReader::animation));
  }

  private static Manifest.Animation animation(JsonNode file) {
    return new Manifest.Animation(
        file.path("uri").textValue(),
        file.path("media_type").textValue(),
        whole(file, "bytes"),
        file.path("sha256").textValue());
  }

  private static Optional<Size> size(JsonNode output) {
    return output.has("width")
        ? Optional.of(new Size(integer(output, "width"), integer(output, "height")))
        : Optional.empty();
  }

  private static Manifest.InputFile input(JsonNode input) {
    return new Manifest.InputFile(input.path("uri").textValue(), input.path("sha256").textValue());
  }

  private static Manifest.RenderedStage stage(JsonNode stage) {
    return new Manifest.RenderedStage(
        stage.path("model").textValue(),
        fingerprint(stage.path("fingerprint")),
        elements(stage, "outputs", ManifestReader::output));
  }

  /** Reads a fingerprint that its schema accepts. */
  static Fingerprint fingerprint(JsonNode tree) {
    return new Fingerprint(
        Optional.ofNullable(tree.path("plan_sha256").textValue()),
        tree.path("package_sha256").textValue(),
        texts(tree.path("components")),
        tree.path("scheduler_sha256").textValue(),
        tree.path("generator").textValue(),
        device(tree),
        tree.path("worker_version").textValue());
  }

  private static Fingerprint.Device device(JsonNode tree) {
    return new Fingerprint.Device(
        tree.path("onnxruntime_version").textValue(),
        tree.path("execution_provider").textValue(),
        texts(tree.path("provider_options")),
        tree.path("device").textValue(),
        tree.path("compute_capability").asText(),
        integer(tree, "threads"),
        tree.path("precision").textValue(),
        tree.path("graph_optimization_level").textValue(),
        tree.path("determinism_tier").textValue(),
        tree.path("rows_per_call").textValue());
  }

  private static Map<String, String> texts(JsonNode object) {
    return object.properties().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, field -> field.getValue().textValue()));
  }

  private static Manifest.Timings timings(JsonNode tree) {
    return new Manifest.Timings(
        tree.path("queued").doubleValue(),
        tree.path("prepare").doubleValue(),
        tree.path("denoise").doubleValue(),
        tree.path("decode").doubleValue(),
        tree.path("encode").doubleValue(),
        tree.path("upload").doubleValue(),
        tree.path("total").doubleValue());
  }

  private static int integer(JsonNode object, String name) {
    return object.path(name).decimalValue().intValueExact();
  }

  private static long whole(JsonNode object, String name) {
    return object.path(name).decimalValue().longValueExact();
  }
}
