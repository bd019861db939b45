package io.darkroom.json;

import io.darkroom.job.JobId;
import io.darkroom.job.Manifest;
import io.darkroom.job.Preview;
import io.darkroom.job.Problem;
import io.darkroom.job.RenderOutcome;
import io.darkroom.job.Violation;
import io.darkroom.text.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Creates CloudEvents about requests. The schemas of their data are {@code
 * schemas/render-*.schema.json}. Safe for use by many threads.
 */
public final class EventCodec {
  private static final int ID_LENGTH = 32;

  private final String source;
  private final Optional<Signing> signing;

  /**
   * Creates a codec for events of a source, a URI reference that names the worker or the group of
   * workers.
   */
  public EventCodec(String source) {
    this(source, Optional.empty());
  }

  /**
   * Creates a codec. With a signing, completed events have a signed address for each stored file.
   */
  public EventCodec(String source, Optional<Signing> signing) {
    this.source = source;
    this.signing = signing;
  }

  /**
   * Signs addresses of outputs, which can then be read without credentials.
   *
   * @param address converts {@code s3://bucket/key} to a signed address
   * @param valid how long a signed address can be read
   */
  public record Signing(UnaryOperator<String> address, Duration valid) {}

  /**
   * Creates the one event that ends a request. Its id is a function of the request's id and digest,
   * the type of the outcome and, if there is one, the class of the problem, so consumers can
   * recognise duplicates.
   *
   * @param attempts number of deliveries of the request to a worker, up to this outcome, without
   *     those that a worker returned without an outcome
   */
  public CloudEvent terminal(RenderOutcome outcome, int attempts, Instant time) {
    String subject = outcome.subject();
    EventType type = EventType.of(outcome);
    String id = id(subject, outcome.requestSha256(), type.wire(), problemClass(outcome));
    return new CloudEvent(
        new EventAttributes(id, source, type.wire(), subject, time),
        outcome instanceof RenderOutcome.Completed completed && signing.isPresent()
            ? signed(completed.manifest(), signing.get(), time)
            : data(outcome, attempts));
  }

  /** Returns the manifest with a signed address and its expiry for each stored file. */
  private static byte[] signed(Manifest manifest, Signing signing, Instant time) {
    Instant until = time.plus(signing.valid()).truncatedTo(ChronoUnit.SECONDS);
    return ManifestCodec.write(
        manifest,
        uri ->
            Map.of(
                "presigned_url",
                signing.address().apply(uri),
                "presigned_until",
                until.toString()));
  }

  /** Network evaluations of a request, over all its images. */
  public record Evaluations(int done, int wanted) {}

  /** Creates the event that a request's first network evaluation is about to run. */
  public CloudEvent started(
      String requestId, int evaluationsWanted, Optional<Instant> estimatedFinish, Instant time) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("request_id", requestId);
    data.put("evaluations_wanted", evaluationsWanted);
    estimatedFinish.ifPresent(finish -> data.put("estimated_finish", millis(finish)));
    return progress(EventType.STARTED, requestId, data, time);
  }

  /**
   * Creates an event with the evaluations done so far and, if there is one, the preview stored
   * since the last event.
   */
  public CloudEvent progressed(
      String requestId,
      Evaluations evaluations,
      Optional<Instant> estimatedFinish,
      Optional<Preview> preview,
      Instant time) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("request_id", requestId);
    data.put("evaluations_done", evaluations.done());
    data.put("evaluations_wanted", evaluations.wanted());
    estimatedFinish.ifPresent(finish -> data.put("estimated_finish", millis(finish)));
    preview.ifPresent(stored -> data.put("preview", preview(stored)));
    return progress(EventType.PROGRESSED, requestId, data, time);
  }

  /**
   * Returns the data of a terminal event, JSON in UTF-8; for a completed event this is the
   * manifest.
   */
  public static byte[] data(RenderOutcome outcome, int attempts) {
    if (outcome instanceof RenderOutcome.Completed completed) {
      return ManifestCodec.write(completed.manifest());
    }
    Map<String, Object> data = new LinkedHashMap<>();
    if (JobId.isValid(outcome.subject())) {
      data.put("request_id", outcome.subject());
    }
    if (!outcome.requestSha256().isEmpty()) {
      data.put("request_sha256", outcome.requestSha256());
    }
    if (outcome instanceof RenderOutcome.Failed failed) {
      data.put("error", error(failed.problem()));
      data.put("model_evaluations", failed.evaluations());
      data.put("attempts", attempts);
    } else if (outcome instanceof RenderOutcome.Rejected rejected) {
      data.put("error", error(rejected.problem()));
    } else if (outcome instanceof RenderOutcome.Cancelled cancelled) {
      data.put("error", error("cancelled", "was cancelled by its publisher", List.of(), true));
      data.put("model_evaluations", cancelled.evaluations());
      data.put("attempts", attempts);
    }
    return JsonValues.bytes(data);
  }

  private CloudEvent progress(
      EventType type, String requestId, Map<String, Object> data, Instant time) {
    byte[] bytes = JsonValues.bytes(data);
    String id = id(type.wire(), new String(bytes, StandardCharsets.UTF_8), time.toString());
    return new CloudEvent(new EventAttributes(id, source, type.wire(), requestId, time), bytes);
  }

  private static Map<String, Object> preview(Preview preview) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("index", preview.index());
    map.put("step", preview.step());
    map.put("uri", preview.uri());
    map.put("media_type", preview.mediaType());
    map.put("width", preview.width());
    map.put("height", preview.height());
    map.put("bytes", preview.bytes());
    return map;
  }

  /** Formats an estimated time with milliseconds, because further digits have no meaning. */
  private static String millis(Instant time) {
    return time.truncatedTo(ChronoUnit.MILLIS).toString();
  }

  private static String problemClass(RenderOutcome outcome) {
    if (outcome instanceof RenderOutcome.Failed failed) {
      return failed.problem().kind().wire();
    }
    return outcome instanceof RenderOutcome.Rejected rejected
        ? rejected.problem().kind().wire()
        : "";
  }

  private static String id(String... parts) {
    byte[] identity = String.join("\n", parts).getBytes(StandardCharsets.UTF_8);
    return Sha256.of(identity).substring(0, ID_LENGTH);
  }

  private static Map<String, Object> error(Problem problem) {
    return error(
        problem.kind().wire(), problem.message(), problem.violations(), problem.retryable());
  }

  private static Map<String, Object> error(
      String kind, String message, List<Violation> violations, boolean retryable) {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("class", kind);
    error.put("message", Wording.encodable(message));
    error.put("violations", violations.stream().map(EventCodec::violation).toList());
    error.put("retryable", retryable);
    return error;
  }

  private static Map<String, Object> violation(Violation violation) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("pointer", Wording.encodable(violation.pointer()));
    map.put("message", Wording.encodable(violation.message()));
    return map;
  }
}
