package io.darkroom.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.darkroom.job.Fingerprint;
import io.darkroom.job.Manifest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Reads and writes manifests, which are stored and are also the data of the completed event. A
 * written manifest is read back unchanged. Fields of later versions are ignored, and the formats of
 * earlier versions are supported. Safe for use by many threads.
 */
public final class ManifestCodec {
  private static final int MAX_BYTES = 1 << 24;
  private static final int MAX_DEPTH = 64;

  /** Maximum bytes that are parsed at the same time. */
  private static final int MAX_PARSED = 1 << 22;

  private final ParseBudget budget = new ParseBudget(MAX_PARSED);
  private final StrictJson json = new StrictJson(MAX_BYTES, MAX_DEPTH);
  private final MessageSchema schema = MessageSchema.load("render-completed.schema.json");

  /** Returns JSON in UTF-8; equal manifests give equal bytes. */
  public static byte[] write(Manifest manifest) {
    return write(manifest, uri -> Map.of());
  }

  /**
   * Returns JSON in UTF-8 with additional fields of each stored file, by its address, for events.
   */
  static byte[] write(Manifest manifest, Function<String, Map<String, Object>> more) {
    return JsonValues.bytes(ManifestWriter.tree(manifest, more));
  }

  /** Returns the manifest as JSON values, in the order of the contract. */
  public static Map<String, Object> tree(Manifest manifest) {
    return ManifestWriter.tree(manifest, uri -> Map.of());
  }

  /** Returns a stage of a manifest as JSON values. */
  public static Map<String, Object> tree(Manifest.RenderedStage stage) {
    return ManifestWriter.stage(stage);
  }

  /** Returns a fingerprint as JSON values. */
  public static Map<String, Object> tree(Fingerprint fingerprint) {
    return ManifestWriter.fingerprint(fingerprint);
  }

  /** Returns lists of files as JSON in UTF-8, for {@link #readOutputs}. */
  public static byte[] writeOutputs(List<List<Manifest.OutputFile>> outputs) {
    return JsonValues.bytes(
        Map.of("outputs", outputs.stream().map(ManifestWriter::outputs).toList()));
  }

  /**
   * Reads lists of files written by {@link #writeOutputs}.
   *
   * @throws DamagedManifest if the bytes are not such lists
   */
  public static List<List<Manifest.OutputFile>> readOutputs(byte[] bytes) throws DamagedManifest {
    try {
      return ManifestReader.outputLists(new StrictJson(MAX_BYTES, MAX_DEPTH).read(bytes));
    } catch (NotJson e) {
      throw new DamagedManifest(e.reason());
    }
  }

  /**
   * Returns the statement that a signature of the manifest covers: an in-toto statement, JSON in
   * UTF-8.
   */
  public static byte[] statement(Manifest manifest) {
    return JsonValues.bytes(ManifestWriter.statement(manifest));
  }

  /**
   * Returns the statement that a signature of an earlier worker covers: the digest of the plan is
   * next to the fingerprint.
   */
  public static byte[] earlierStatement(Manifest manifest) {
    return JsonValues.bytes(ManifestWriter.earlierStatement(manifest));
  }

  /** Returns the fingerprint as JSON, to be embedded in pictures. */
  public static String text(Fingerprint fingerprint) {
    return new String(
        JsonValues.bytes(ManifestWriter.fingerprint(fingerprint)), StandardCharsets.UTF_8);
  }

  /**
   * Reads the manifest in the bytes of an object.
   *
   * @throws DamagedManifest if there is none; the message names the first problem
   */
  public Manifest read(byte[] bytes) throws DamagedManifest {
    return budget.within(bytes.length, () -> manifest(bytes));
  }

  /**
   * Reads the manifest in the bytes of an object, or in the data of a completed event in structured
   * mode.
   *
   * @throws DamagedManifest if there is none; the message names the first problem
   */
  public Manifest readEvent(byte[] bytes) throws DamagedManifest {
    return budget.within(
        bytes.length,
        () -> {
          JsonNode tree = tree(bytes);
          boolean event = tree.has("specversion") && tree.has("data");
          return manifest(event ? tree.get("data") : tree);
        });
  }

  private Manifest manifest(byte[] bytes) throws DamagedManifest {
    return manifest(tree(bytes));
  }

  private Manifest manifest(JsonNode tree) throws DamagedManifest {
    EarlierManifest.update(tree);
    check(tree, schema);
    return new ManifestReader(tree).read();
  }

  static void check(JsonNode tree, MessageSchema schema) throws DamagedManifest {
    Found found = Sanity.violations(tree);
    if (found.nothing()) {
      found = schema.violations(tree);
    }
    if (!found.nothing()) {
      throw new DamagedManifest(found.listed());
    }
  }

  private JsonNode tree(byte[] bytes) throws DamagedManifest {
    try {
      return json.read(bytes);
    } catch (NotJson e) {
      throw new DamagedManifest(e.reason());
    }
  }
}
