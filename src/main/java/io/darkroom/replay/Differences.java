package io.darkroom.replay;

import io.darkroom.job.Fingerprint;
import io.darkroom.job.Manifest;
import io.darkroom.json.ManifestCodec;
import io.darkroom.text.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Finds the differences between two renders of one request besides their pixels: request, plan,
 * inputs and fingerprints. Each difference is one line with the pointer of the field in the
 * manifest.
 */
final class Differences {
  private static final int MAX_LISTED = 20;
  private static final int MAX_TEXT = 80;
  private static final int DIGEST_DIGITS = 12;
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

  /** Fields of a request that do not affect its pixels. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of("id", "priority", "deadline", "metadata", "preview_every", "render");

  private Differences() {}

  /**
   * Returns lines such as {@code /request/guidance_scale: was 7.5, is 5.0}: first those of the
   * plans, which say whether other numbers were computed, then those of the request, which may be
   * the cause, then those of inputs and fingerprints.
   */
  static List<String> between(Manifest original, Manifest again) {
    List<String> lines = new ArrayList<>();
    if (original.stages().size() == again.stages().size()) {
      compare(lines, "/stages", plans(original), plans(again));
    }
    compare(lines, "/request", request(original), request(again));
    compare(lines, "", rest(original), rest(again));
    int more = lines.size() - MAX_LISTED;
    if (more <= 0) {
      return lines;
    }
    List<String> listed = new ArrayList<>(lines.subList(0, MAX_LISTED));
    listed.add("and " + more + " more differences");
    return listed;
  }

  /**
   * Returns the differences of two fingerprints of a stage, except the version of the worker; first
   * that of the plan.
   */
  static List<String> between(String stage, Fingerprint was, Fingerprint is) {
    List<String> lines = new ArrayList<>();
    compare(lines, stage + "/fingerprint", plan(was), plan(is));
    compare(lines, stage + "/fingerprint", fields(was), fields(is));
    return lines;
  }

  private static Map<String, Object> fields(Fingerprint fingerprint) {
    Map<String, Object> fields = new LinkedHashMap<>(ManifestCodec.tree(withoutPlan(fingerprint)));
    fields.remove("worker_version");
    return fields;
  }

  private static List<Map<String, Object>> plans(Manifest manifest) {
    return manifest.fingerprints().stream()
        .map(fingerprint -> Map.<String, Object>of("fingerprint", plan(fingerprint)))
        .toList();
  }

  private static Map<String, Object> plan(Fingerprint fingerprint) {
    return fingerprint
        .planSha256()
        .<Map<String, Object>>map(sha256 -> Map.of("plan_sha256", sha256))
        .orElseGet(Map::of);
  }

  private static Fingerprint withoutPlan(Fingerprint fingerprint) {
    return fingerprint.withPlan(Optional.empty());
  }

  private static Map<String, Object> request(Manifest manifest) {
    Map<String, Object> request = new LinkedHashMap<>(manifest.request());
    request.keySet().removeAll(WITHOUT_EFFECT);
    if (request.get("output") instanceof Map<?, ?> output) {
      Map<Object, Object> elsewhere = new LinkedHashMap<>(output);
      elsewhere.remove("prefix");
      request.put("output", elsewhere);
    }
    return withoutAddresses(request);
  }

  /**
   * Removes addresses. Inputs are compared by their digests, because a replay stores an inline
   * input at another address.
   */
  private static Map<String, Object> withoutAddresses(Map<?, ?> object) {
    Map<String, Object> kept = new LinkedHashMap<>();
    object.forEach(
        (key, value) -> {
          if (value instanceof Map<?, ?> inner) {
            kept.put(key.toString(), withoutAddresses(inner));
          } else if (!key.equals("uri")) {
            kept.put(key.toString(), value);
          }
        });
    return kept;
  }

  private static Map<String, Object> rest(Manifest manifest) {
    Map<String, Object> rest = new LinkedHashMap<>();
    rest.put("inputs", manifest.inputs().stream().map(Manifest.InputFile::sha256).toList());
    rest.put("stages", manifest.stages().stream().map(Differences::conditions).toList());
    return rest;
  }

  /** Returns a stage without its files. They are compared in the same way as the outputs. */
  private static Map<String, Object> conditions(Manifest.RenderedStage stage) {
    return ManifestCodec.tree(
        new Manifest.RenderedStage(stage.model(), withoutPlan(stage.fingerprint())));
  }

  private static void compare(List<String> lines, String pointer, Object was, Object is) {
    if (was instanceof Map<?, ?> before && is instanceof Map<?, ?> now) {
      Set<Object> keys = new TreeSet<>(before.keySet());
      keys.addAll(now.keySet());
      keys.forEach(key -> compare(lines, pointer + "/" + key, value(before, key), value(now, key)));
    } else if (was instanceof List<?> before
        && is instanceof List<?> now
        && before.size() == now.size()) {
      for (int i = 0; i < before.size(); i++) {
        compare(lines, pointer + "/" + i, before.get(i), now.get(i));
      }
    } else if (was instanceof List<?> before && is instanceof List<?> now) {
      lines.add(pointer + ": had " + before.size() + " entries, has " + now.size());
    } else if (!same(was, is)) {
      lines.add(Printable.line(pointer + ": was " + text(was) + ", is " + text(is)));
    }
  }

  private static Object value(Map<?, ?> map, Object key) {
    return Objects.requireNonNullElse(map.get(key), "absent");
  }

  private static boolean same(Object was, Object is) {
    return was.equals(is)
        || (was instanceof Number before
            && is instanceof Number now
            && before.doubleValue() == now.doubleValue());
  }

  /** Returns a value as text. Digests are shortened. */
  private static String text(Object value) {
    String text = value.toString();
    return DIGEST.matcher(text).matches()
        ? text.substring(0, DIGEST_DIGITS) + "..."
        : Printable.line(text, MAX_TEXT);
  }
}
