package io.darkroom.json;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The context attributes of a CloudEvent 1.0 that a worker publishes; its data is JSON.
 *
 * @param id with {@code source} the identity of the event
 * @param source who publishes it, a URI reference
 * @param type such as {@code io.darkroom.render.completed.v1}
 * @param subject the request's id, or {@code topic/partition/offset} where the bytes had none
 * @param time when it came to be
 */
public record EventAttributes(String id, String source, String type, String subject, Instant time) {

  /** By their names in the CloudEvents specification, {@code datacontenttype} included. */
  public Map<String, String> named() {
    Map<String, String> named = new LinkedHashMap<>();
    named.put("specversion", "1.0");
    named.put("id", id);
    named.put("source", source);
    named.put("type", type);
    named.put("subject", subject);
    named.put("time", time.toString());
    named.put("datacontenttype", "application/json");
    return Collections.unmodifiableMap(named);
  }

  /** As record headers of the Kafka protocol binding in binary mode. */
  public Map<String, String> kafkaHeaders() {
    Map<String, String> headers = new LinkedHashMap<>();
    named().forEach((name, value) -> headers.put(header(name), value));
    return Collections.unmodifiableMap(headers);
  }

  private static String header(String name) {
    return name.equals("datacontenttype") ? "content-type" : "ce_" + name;
  }
}
