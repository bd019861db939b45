package io.darkroom.json;

import static java.util.stream.Collectors.toSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.darkroom.job.JobId;
import io.darkroom.job.RenderRequest;
import io.darkroom.job.Violation;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads render requests from untrusted bytes of records: plain JSON, and the data of CloudEvents in
 * binary or structured mode. Reading always returns a {@link Decoded}; an invalid request is
 * returned with its violations, limited so that they fit into an event. Also writes requests. Safe
 * for use by many threads; large messages are parsed one after the other.
 */
public final class RequestCodec {
  /** Default maximum length of a message, in bytes. */
  public static final int DEFAULT_MAX_BYTES = 1 << 20;

  private static final int MAX_DEPTH = 32;

  private final int maxBytes;
  private final ParseBudget budget;
  private final Envelope envelope;
  private final MessageSchema schema;

  /** Creates a codec for messages of at most {@code maxBytes} bytes. */
  public RequestCodec(int maxBytes) {
    this.maxBytes = maxBytes;
    budget = new ParseBudget(maxBytes);
    envelope = new Envelope(new StrictJson(maxBytes, MAX_DEPTH));
    schema = MessageSchema.load("render-request.schema.json");
  }

  /** Returns the maximum size of a message, in bytes. */
  public int maxBytes() {
    return maxBytes;
  }

  /**
   * Reads a record that is not a CloudEvent in binary mode.
   *
   * @param contentType the record's content type or empty; unless it is the media type of an event,
   *     the bytes are the request itself
   */
  public Decoded read(byte[] body, String contentType) {
    return read(body, MessageHeaders.of(contentType));
  }

  /**
   * Reads a record. Violations point into the request, not into the event.
   *
   * @param headers headers of the record
   */
  public Decoded read(byte[] body, MessageHeaders headers) {
    return budget.within(body.length, () -> decoded(body, headers));
  }

  private Decoded decoded(byte[] body, MessageHeaders headers) {
    try {
      return decoded(envelope.open(body, headers));
    } catch (NotJson e) {
      return new Decoded.Unreadable(e.reason());
    }
  }

  /**
   * Returns the request as JSON values, to be published or stored in a manifest; {@link #read}
   * reads an equal request.
   */
  public static Map<String, Object> tree(RenderRequest request) {
    return RequestWriter.tree(request);
  }

  /** Returns {@link #tree} in UTF-8. */
  public static byte[] write(RenderRequest request) {
    return write(tree(request));
  }

  /** Returns a request of a manifest in UTF-8. */
  public static byte[] write(Map<String, Object> tree) {
    return JsonValues.bytes(tree);
  }

  private Decoded decoded(JsonNode message) {
    Found insane = Sanity.violations(message);
    if (!insane.nothing() || !message.isObject()) {
      Found found = insane.nothing() ? schema.violations(message) : insane;
      return new Decoded.Invalid(id(message), "", found.listed());
    }
    NullFields.leaveOut((ObjectNode) message);
    String sha256 = RequestDigest.of((ObjectNode) message);
    Found found = violations(message);
    return found.nothing()
        ? new Decoded.Valid(new RequestReader(message).read(), sha256)
        : new Decoded.Invalid(id(message), sha256, found.listed());
  }

  /**
   * Returns the violations of the schema, followed by those of rules that a schema cannot express,
   * for other fields.
   */
  private Found violations(JsonNode message) {
    Found ofSchema = schema.violations(message);
    Set<String> pointers = ofSchema.first().stream().map(Violation::pointer).collect(toSet());
    return ofSchema.and(
        RequestRules.violations(message).stream()
            .filter(violation -> !pointers.contains(violation.pointer()))
            .toList());
  }

  private static Optional<JobId> id(JsonNode message) {
    JsonNode id = message.path("id");
    return id.isTextual() && JobId.isValid(id.textValue())
        ? Optional.of(new JobId(id.textValue()))
        : Optional.empty();
  }
}
