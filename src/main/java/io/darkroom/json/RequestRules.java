package io.darkroom.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.darkroom.job.Violation;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the schema of requests cannot say. Makes nothing of fields that are of another type than the
 * schema's.
 */
final class RequestRules {
  /** Fields of the contract that no type of {@link io.darkroom.job} carries yet. */
  private static final List<String> NOT_YET =
      List.of("original_size", "crops_coords_top_left", "target_size", "then");

  private static final List<String> TEXTS =
      List.of("prompt", "negative_prompt", "prompt_2", "negative_prompt_2");
  private static final int MAX_TEXT_BYTES = 8192;
  private static final int MAX_METADATA_BYTES = 4096;
  private static final int MAX_KEY_BYTES = 1024;
  private static final int MAX_PREFIX_BYTES = 512;

  private final JsonNode request;
  private final List<Violation> found = new ArrayList<>();

  private RequestRules(JsonNode request) {
    this.request = request;
  }

  /** Everything that is wrong, none where all is right. */
  static List<Violation> violations(JsonNode request) {
    RequestRules rules = new RequestRules(request);
    TEXTS.forEach(name -> rules.atMost("/" + name, MAX_TEXT_BYTES));
    rules.objectNames();
    rules.metadata();
    rules.seeds();
    rules.deadline();
    rules.tile();
    rules.inlinePicture("/image/data");
    rules.inlinePicture("/mask_image/data");
    rules.notYet();
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
    for (String pointer : List.of("/image/uri", "/mask_image/uri", "/output/prefix")) {
      String uri = request.at(pointer).asText();
      int key = uri.indexOf('/', "s3://".length()) + 1;
      int length = uri.substring(key).getBytes(StandardCharsets.UTF_8).length;
      checkLength(pointer, length, pointer.endsWith("/prefix") ? MAX_PREFIX_BYTES : MAX_KEY_BYTES);
    }
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
        broken("/deadline", "must be a time that there is" + Wording.has(deadline, false));
      }
    }
  }

  static Instant time(String text) {
    return Instant.parse(text.toUpperCase(Locale.ROOT));
  }

  private void tile() {
    JsonNode size = request.at("/tile/size");
    JsonNode overlap = request.at("/tile/overlap");
    if (size.isInt() && overlap.isInt() && overlap.intValue() >= size.intValue()) {
      broken("/tile/overlap", "must be less than size, " + size + Wording.has(overlap, false));
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

  private void notYet() {
    for (String name : NOT_YET) {
      if (request.has(name)) {
        broken("/" + name, "is not supported by this worker yet");
      }
    }
  }
}
