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
 * Reads render requests from the untrusted bytes of records: plain JSON, and the data of
 * CloudEvents in binary or structured mode. Whatever the bytes are, the answer is a {@link
 * Decoded}; an invalid request is answered with its violations, so many that they fit into an
 * event. Also writes requests. Safe for use by many threads, whose messages are parsed one after
 * the other where they are large.
 */
public final class RequestCodec {
  /** The longest message that is read by default, in bytes. */
  public static final int DEFAULT_MAX_BYTES = 1 << 20;

  private static final int MAX_DEPTH = 32;

  private final ParseBudget budget;
  private final Envelope envelope;
  private final MessageSchema schema;

  /** Reads messages of at most {@code maxBytes}. */
  public RequestCodec(int maxBytes) {
    budget = new ParseBudget(maxBytes);
    envelope = new Envelope(new StrictJson(maxBytes, MAX_DEPTH));
    schema = MessageSchema.load("render-request.schema.json");
  }

  /**
   * What a record holds that is no CloudEvent in binary mode.
   *
   * @param contentType as the record's header says, or empty; without an event's media type the
   *     bytes are the request itself
   */
  public Decoded read(byte[] body, String contentType) {
    return read(body, MessageHeaders.of(contentType));
  }

  /**
   * What a record holds. Violations point into the request, not into the event.
   *
   * @param headers of the record
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
   * The request as JSON, to be published or stored in a manifest; {@link #read} gives the same
   * request again.
   */
  public static Map<String, Object> tree(RenderRequest request) {
    return RequestWriter.tree(request);
  }

  /** {@link #tree} in UTF-8. */
  public static byte[] write(RenderRequest request) {
    return write(tree(request));
  }

  /** A request of a manifest in UTF-8. */
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
   * The schema's violations, then those of rules that a schema cannot express, for other fields.
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
