package io.darkroom.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.darkroom.job.Fingerprint;
import io.darkroom.job.Manifest;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Function;

/**
 * Manifests as the store has them, which is the data of the completed event too. What is written is
 * read again as it was; fields of a later version are ignored, and the form of earlier versions is
 * read, too. Safe for use by many threads.
 */
public final class ManifestCodec {
  private static final int MAX_BYTES = 1 << 24;
  private static final int MAX_DEPTH = 64;

  /** Bytes that are parsed at once. */
  private static final int MAX_PARSED = 1 << 22;

  private final ParseBudget budget = new ParseBudget(MAX_PARSED);
  private final StrictJson json = new StrictJson(MAX_BYTES, MAX_DEPTH);
  private final MessageSchema schema = MessageSchema.load("render-completed.schema.json");

  /** JSON in UTF-8; equal manifests give equal bytes. */
  public static byte[] write(Manifest manifest) {
    return write(manifest, output -> Map.of());
  }

  /** The same with more fields of each output, for events. */
  static byte[] write(Manifest manifest, Function<Manifest.OutputFile, Map<String, Object>> more) {
    return JsonValues.bytes(ManifestWriter.tree(manifest, more));
  }

  /** The manifest as JSON has it, in the order of the contract. */
  public static Map<String, Object> tree(Manifest manifest) {
    return ManifestWriter.tree(manifest, output -> Map.of());
  }

  /** What a signature of the manifest is about: an in-toto statement, JSON in UTF-8. */
  public static byte[] statement(Manifest manifest) {
    return JsonValues.bytes(ManifestWriter.statement(manifest));
  }

  /** The fingerprint alone, as JSON; for texts inside of pictures. */
  public static String text(Fingerprint fingerprint) {
    return new String(
        JsonValues.bytes(ManifestWriter.fingerprint(fingerprint)), StandardCharsets.UTF_8);
  }

  /**
   * The manifest in the bytes of an object.
   *
   * @throws DamagedManifest where they hold none; names the first thing that is wrong
   */
  public Manifest read(byte[] bytes) throws DamagedManifest {
    return budget.within(bytes.length, () -> manifest(bytes));
  }

  /**
   * The manifest in the bytes of an object, or in the data of a completed event in structured mode.
   *
   * @throws DamagedManifest where they hold none; names the first thing that is wrong
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
    Found found = Sanity.violations(tree);
    if (found.nothing()) {
      found = schema.violations(tree);
    }
    if (!found.nothing()) {
      throw new DamagedManifest(found.listed());
    }
    return new ManifestReader(tree).read();
  }

  private JsonNode tree(byte[] bytes) throws DamagedManifest {
    try {
      return json.read(bytes);
    } catch (NotJson e) {
      throw new DamagedManifest(e.reason());
    }
  }
}
