package io.darkroom.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.darkroom.job.Prompts;
import io.darkroom.job.RenderRequest;
import io.darkroom.job.StageRequest;
import io.darkroom.job.Violation;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Rules of requests that a schema cannot express. Fields whose type breaks the schema are ignored.
 */
final class RequestRules {
  private static final int MAX_STAGES = 4;
  private static final int MAX_TEXT_BYTES = 8192;
  private static final int MAX_METADATA_BYTES = 4096;
  private static final int MAX_KEY_BYTES = 1024;
  private static final int MAX_PREFIX_BYTES = 512;

  private final JsonNode request;
  private final List<Violation> found = new ArrayList<>();

  private RequestRules(JsonNode request) {
    this.request = request;
  }

  /** Returns all violations; empty if there are none. */
  static List<Violation> violations(JsonNode request) {
    RequestRules rules = new RequestRules(request);
    Prompts.FIELDS.forEach(name -> rules.atMost("/" + name, MAX_TEXT_BYTES));
    rules.objectNames();
    rules.metadata();
    rules.seeds();
    rules.deadline();
    rules.tile("");
    rules.guidanceInterval("");
    for (int i = 0; i < Math.min(MAX_STAGES, request.path("then").size()); i++) {
      String stage = RenderRequest.pointer(i + 1);
      Prompts.FIELDS.forEach(name -> rules.atMost(stage + "/" + name, MAX_TEXT_BYTES));
      rules.tile(stage);
      rules.denoising(stage);
      rules.guidanceInterval(stage);
    }
    rules.inlinePicture("/image/data");
    rules.inlinePicture("/mask_image/data");
    return List.copyOf(rules.found);
  }

  private void broken(String pointer, String message) {
    found.add(new Violation(pointer, message));
  }

  private void atMost(String pointer, int maxBytes) {
    checkLength(pointer, bytes(request.at(pointer)), maxBytes);
  }

  private void checkLength(String pointer, int length, int maxBytes) {
    if (length > maxBytes) {
      broken(pointer, "must be at most " + maxBytes + " bytes, is " + length);
    }
  }

  private static int bytes(JsonNode text) {
    return text.asText().getBytes(StandardCharsets.UTF_8).length;
  }

  private void objectNames() {
    List<String> pointers =
        new ArrayList<>(List.of("/image/uri", "/mask_image/uri", "/output/prefix"));
    request.path("inputs").fieldNames().forEachRemaining(name -> pointers.add(uri(name)));
    for (String pointer : pointers) {
      String uri = request.at(pointer).asText();
      int key = uri.indexOf('/', "s3://".length()) + 1;
      int length = uri.substring(key).getBytes(StandardCharsets.UTF_8).length;
      checkLength(pointer, length, pointer.endsWith("/prefix") ? MAX_PREFIX_BYTES : MAX_KEY_BYTES);
    }
  }

  /** Returns the pointer of an input's address; names with other characters break the schema. */
  private static String uri(String name) {
    return StageRequest.inputPointer(name.replace("~", "~0").replace("/", "~1")) + "/uri";
  }

  private void metadata() {
    JsonNode metadata = request.path("metadata");
    if (metadata.isObject()) {
      int length = metadata.toString().getBytes(StandardCharsets.UTF_8).length;
      checkLength("/metadata", length, MAX_METADATA_BYTES);
    }
  }

  private void seeds() {
    JsonNode seeds = request.path("seeds");
    JsonNode images = request.path("num_images");
    if (seeds.isArray() && images.canConvertToInt() && seeds.size() != images.asInt()) {
      broken("/seeds", "must have one entry per image, " + images + ", has " + seeds.size());
    }
  }

  private void deadline() {
    JsonNode deadline = request.path("deadline");
    if (deadline.isTextual()) {
      try {
        time(deadline.textValue());
      } catch (DateTimeParseException e) {
        broken("/deadline", "must be an existing date and time" + Wording.has(deadline, false));
      }
    }
  }

  static Instant time(String text) {
    return Instant.parse(text.toUpperCase(Locale.ROOT));
  }

  private void tile(String stage) {
    JsonNode size = request.at(stage + "/tile/size");
    JsonNode overlap = request.at(stage + "/tile/overlap");
    if (size.isNumber() && overlap.isNumber() && 2 * overlap.doubleValue() > size.doubleValue()) {
      broken(
          stage + "/tile/overlap",
          "must be at most half of size, " + size + Wording.has(overlap, false));
    }
  }

  private void denoising(String stage) {
    JsonNode start = request.at(stage + "/denoising_start");
    JsonNode end = request.at(stage + "/denoising_end");
    if (start.isNumber() && end.isNumber() && start.doubleValue() >= end.doubleValue()) {
      broken(stage + "/denoising_end", "must be above denoising_start, " + start);
    }
  }

  private void guidanceInterval(String stage) {
    JsonNode from = request.at(stage + "/guidance_interval/0");
    JsonNode to = request.at(stage + "/guidance_interval/1");
    if (from.isNumber() && to.isNumber() && from.doubleValue() >= to.doubleValue()) {
      broken(stage + "/guidance_interval/1", "must be above the first entry, " + from);
    }
  }

  private void inlinePicture(String pointer) {
    JsonNode base64 = request.at(pointer);
    if (base64.isTextual() && base64.textValue().length() % 4 != 0) {
      broken(
          pointer,
          "must be base64 with padding, is " + base64.textValue().length() + " characters");
    }
  }
}
