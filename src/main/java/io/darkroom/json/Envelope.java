package io.darkroom.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.darkroom.text.Printable;
import java.util.Base64;
import java.util.Locale;

/**
 * Extracts a request from its envelope. Structured-mode CloudEvents 1.0 have an envelope; plain
 * JSON and binary-mode events do not. In both modes an event of another type, version or content
 * type is refused.
 */
final class Envelope {
  private static final String CLOUD_EVENT = "application/cloudevents";
  private static final String JSON = "application/json";
  private static final String VERSION = "1.0";
  private static final String TYPE = "io.darkroom.render.requested.v1";

  private final StrictJson json;

  Envelope(StrictJson json) {
    this.json = json;
  }

  /**
   * Returns the request in the bytes of a record.
   *
   * @param headers headers of the record
   * @throws NotJson if there is none
   */
  JsonNode open(byte[] body, MessageHeaders headers) throws NotJson {
    String mediaType = mediaType(headers.contentType());
    if (!mediaType.startsWith(CLOUD_EVENT)) {
      checkBinary(headers);
      return bare(json.read(body));
    }
    if (!mediaType.equals(CLOUD_EVENT + "+json")) {
      throw new NotJson(
          "content type: must be application/json or application/cloudevents+json, is "
              + Printable.line(mediaType, 80));
    }
    return content(json.read(body));
  }

  /** Checks the attributes of an event in binary mode, which are record headers. */
  private static void checkBinary(MessageHeaders headers) throws NotJson {
    if (headers.binaryEvent()) {
      requireHeader("ce_specversion", headers.specVersion(), VERSION);
      requireHeader("ce_type", headers.type(), TYPE);
      requireJson("content-type", headers.contentType());
    }
  }

  private static void requireHeader(String name, String value, String rule) throws NotJson {
    if (!value.isEmpty() && !value.equals(rule)) {
      throw new NotJson(
          "CloudEvent: " + name + " must be \"" + rule + "\", is \"" + printable(value) + "\"");
    }
  }

  private static void requireJson(String name, String contentType) throws NotJson {
    if (!contentType.isEmpty() && !mediaType(contentType).equals(JSON)) {
      throw new NotJson(
          "CloudEvent: " + name + " must be " + JSON + ", is " + printable(contentType));
    }
  }

  private static String mediaType(String contentType) {
    return contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }

  private static String printable(String value) {
    return Printable.line(value, 80);
  }

  private static JsonNode bare(JsonNode message) throws NotJson {
    boolean data = message.has("data") || message.has("data_base64");
    if (message.has("specversion") && data) {
      throw new NotJson(
          "is a CloudEvent in structured mode without its content type: must have the record header"
              + " content-type: "
              + CLOUD_EVENT
              + "+json");
    }
    return message;
  }

  private JsonNode content(JsonNode event) throws NotJson {
    requireText(event, "specversion", VERSION);
    requireText(event, "type", TYPE);
    requireJson("datacontenttype", event.path("datacontenttype").asText());
    JsonNode data = event.path("data");
    JsonNode base64 = event.path("data_base64");
    if (data.isMissingNode() == base64.isMissingNode()) {
      throw new NotJson("CloudEvent: must have one of data and data_base64");
    }
    if (base64.isMissingNode() ? !data.isObject() : !base64.isTextual()) {
      throw new NotJson("CloudEvent: data must be an object, data_base64 text");
    }
    return base64.isMissingNode() ? data : json.read(decoded(base64.textValue()));
  }

  private static byte[] decoded(String base64) throws NotJson {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new NotJson("CloudEvent: data_base64 is not base64");
    }
  }

  private static void requireText(JsonNode event, String name, String value) throws NotJson {
    JsonNode field = event.path(name);
    if (!field.isMissingNode() && !value.equals(field.textValue())) {
      throw new NotJson(
          "CloudEvent: " + name + " must be \"" + value + "\"" + Wording.has(field, false));
    }
  }
}
