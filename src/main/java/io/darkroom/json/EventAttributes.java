package io.darkroom.json;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The context attributes of a CloudEvent 1.0 that a worker publishes; the data is JSON.
 *
 * @param id identifies the event, together with {@code source}
 * @param source the publisher, a URI reference
 * @param type e.g. {@code io.darkroom.render.completed.v1}
 * @param subject the request's id, or {@code topic/partition/offset} if the bytes contained no id
 * @param time time of the event
 */
public record EventAttributes(String id, String source, String type, String subject, Instant time) {

  /**
   * Returns the attributes by their names in the CloudEvents specification, including {@code
   * datacontenttype}.
   */
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

  /** Returns the attributes as record headers of the Kafka protocol binding in binary mode. */
  public Map<String, String> kafkaHeaders() {
    Map<String, String> headers = new LinkedHashMap<>();
    named().forEach((name, value) -> headers.put(header(name), value));
    return Collections.unmodifiableMap(headers);
  }

  private static String header(String name) {
    return name.equals("datacontenttype") ? "content-type" : "ce_" + name;
  }
}
