package io.darkroom.json;

import io.darkroom.job.Attestation;
import io.darkroom.job.Fingerprint;
import io.darkroom.job.Manifest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** Converts a manifest to JSON values, in the order of the contract. */
final class ManifestWriter {

  private ManifestWriter() {}

  static Map<String, Object> tree(Manifest manifest, Function<String, Map<String, Object>> more) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("request_id", manifest.requestId());
    tree.put("request_sha256", manifest.requestSha256());
    tree.put("request", manifest.request());
    tree.put("outputs", manifest.outputs().stream().map(each -> output(each, more)).toList());
    tree.put("inputs", manifest.inputs().stream().map(ManifestWriter::input).toList());
    tree.put("stages", manifest.stages().stream().map(ManifestWriter::stage).toList());
    tree.put("timings_ms", timings(manifest.timings()));
    tree.put("steps", manifest.steps());
    tree.put("model_evaluations", manifest.modelEvaluations());
    tree.put("attempts", manifest.attempts());
    tree.put("warnings", manifest.warnings());
    tree.put("metadata", manifest.metadata());
    manifest.attestation().ifPresent(signed -> tree.put("attestation", attestation(signed)));
    return tree;
  }

  /** Returns an in-toto statement, version 1, whose subjects are the files. */
  static Map<String, Object> statement(Manifest manifest) {
    return statement(manifest, ManifestWriter::stage);
  }

  /** Returns the statement as earlier workers signed it. */
  static Map<String, Object> earlierStatement(Manifest manifest) {
    return statement(manifest, ManifestWriter::earlierStage);
  }

  private static Map<String, Object> statement(
      Manifest manifest, Function<Manifest.RenderedStage, Map<String, Object>> stage) {
    Map<String, Object> predicate = new LinkedHashMap<>();
    predicate.put("request_id", manifest.requestId());
    predicate.put("request_sha256", manifest.requestSha256());
    predicate.put("request", manifest.request());
    predicate.put("inputs", manifest.inputs().stream().map(ManifestWriter::input).toList());
    predicate.put("stages", manifest.stages().stream().map(stage).toList());
    Map<String, Object> statement = new LinkedHashMap<>();
    statement.put("_type", "https://in-toto.io/Statement/v1");
    List<Map<String, Object>> subjects = new ArrayList<>();
    manifest.digests().forEach((uri, sha256) -> subjects.add(subject(uri, sha256)));
    statement.put("subject", subjects);
    statement.put("predicateType", "urn:io.darkroom:render:v1");
    statement.put("predicate", predicate);
    return statement;
  }

  private static Map<String, Object> subject(String uri, String sha256) {
    Map<String, Object> subject = new LinkedHashMap<>();
    subject.put("name", uri);
    subject.put("digest", Map.of("sha256", sha256));
    return subject;
  }

  /** Returns a DSSE envelope with the field names of its specification. */
  private static Map<String, Object> attestation(Attestation signed) {
    Map<String, Object> signature = new LinkedHashMap<>();
    signature.put("keyid", signed.keyId());
    signature.put("sig", signed.signature());
    Map<String, Object> envelope = new LinkedHashMap<>();
    envelope.put("payloadType", signed.payloadType());
    envelope.put("payload", signed.payload());
    envelope.put("signatures", List.of(signature));
    return envelope;
  }

  static List<Map<String, Object>> outputs(List<Manifest.OutputFile> outputs) {
    return outputs.stream().map(each -> output(each, uri -> Map.of())).toList();
  }

  private static Map<String, Object> output(
      Manifest.OutputFile output, Function<String, Map<String, Object>> more) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("index", output.index());
    tree.put("seed", SeedJson.write(output.seed()));
    tree.put("uri", output.uri());
    tree.put("media_type", output.mediaType());
    if (!output.shape().isEmpty()) {
      tree.put("shape", output.shape());
    }
    output.size().ifPresent(size -> tree.put("width", size.width()));
    output.size().ifPresent(size -> tree.put("height", size.height()));
    tree.put("bytes", output.bytes());
    tree.put("sha256", output.sha256());
    tree.put("pixels_sha256", output.pixelsSha256());
    output.animation().ifPresent(file -> tree.put("animation", animation(file, more)));
    new TreeMap<>(more.apply(output.uri())).forEach(tree::put);
    return tree;
  }

  private static Map<String, Object> animation(
      Manifest.Animation file, Function<String, Map<String, Object>> more) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("uri", file.uri());
    tree.put("media_type", file.mediaType());
    tree.put("bytes", file.bytes());
    tree.put("sha256", file.sha256());
    new TreeMap<>(more.apply(file.uri())).forEach(tree::put);
    return tree;
  }

  private static Map<String, Object> input(Manifest.InputFile input) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("uri", input.uri());
    tree.put("sha256", input.sha256());
    return tree;
  }

  static Map<String, Object> stage(Manifest.RenderedStage stage) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("model", stage.model());
    tree.put("fingerprint", fingerprint(stage.fingerprint()));
    if (!stage.outputs().isEmpty()) {
      tree.put("outputs", outputs(stage.outputs()));
    }
    return tree;
  }

  /** Returns a stage with the digest of its plan next to the fingerprint. */
  private static Map<String, Object> earlierStage(Manifest.RenderedStage stage) {
    Fingerprint fingerprint = stage.fingerprint();
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("model", stage.model());
    fingerprint.planSha256().ifPresent(sha256 -> tree.put("plan_sha256", sha256));
    tree.put("fingerprint", fingerprint(fingerprint.withPlan(Optional.empty())));
    if (!stage.outputs().isEmpty()) {
      tree.put("outputs", outputs(stage.outputs()));
    }
    return tree;
  }

  static Map<String, Object> fingerprint(Fingerprint fingerprint) {
    Fingerprint.Device device = fingerprint.device();
    Map<String, Object> tree = new LinkedHashMap<>();
    fingerprint.planSha256().ifPresent(sha256 -> tree.put("plan_sha256", sha256));
    tree.put("package_sha256", fingerprint.packageSha256());
    tree.put("components", new TreeMap<>(fingerprint.components()));
    tree.put("scheduler_sha256", fingerprint.schedulerSha256());
    tree.put("generator", fingerprint.generator());
    tree.put("onnxruntime_version", device.onnxruntimeVersion());
    tree.put("execution_provider", device.provider());
    tree.put("provider_options", new TreeMap<>(device.options()));
    tree.put("device", device.name());
    if (!device.computeCapability().isEmpty()) {
      tree.put("compute_capability", device.computeCapability());
    }
    tree.put("threads", device.threads());
    tree.put("precision", device.precision());
    tree.put("graph_optimization_level", device.optimizationLevel());
    tree.put("determinism_tier", device.tier());
    tree.put("rows_per_call", device.rowsPerCall());
    tree.put("worker_version", fingerprint.workerVersion());
    return tree;
  }

  private static Map<String, Object> timings(Manifest.Timings timings) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("queued", timings.queued());
    tree.put("prepare", timings.prepare());
    tree.put("denoise", timings.denoise());
    tree.put("decode", timings.decode());
    tree.put("encode", timings.encode());
    tree.put("upload", timings.upload());
    tree.put("total", timings.total());
    return tree;
  }
}
