package io.darkroom.json;

import io.darkroom.job.JobId;
import io.darkroom.job.RenderRequest;
import io.darkroom.job.Violation;
import java.util.List;
import java.util.Optional;

/** What the bytes of a record contain. */
public sealed interface Decoded {

  /**
   * A request that keeps to the schema.
   *
   * @param request nothing filled in but the fixed defaults of the contract
   * @param sha256 the request digest, 64 hexadecimal digits
   */
  record Valid(RenderRequest request, String sha256) implements Decoded {}

  /**
   * JSON that breaks the rules of a request.
   *
   * @param id where that field by itself is right
   * @param sha256 the request digest; empty where there is none: the message is not an object, or
   *     holds a number that a double cannot
   * @param violations one or more
   */
  record Invalid(Optional<JobId> id, String sha256, List<Violation> violations) implements Decoded {
    public Invalid {
      violations = List.copyOf(violations);
    }
  }

  /**
   * Bytes that are not JSON, or an envelope without a request, or an event of another type.
   *
   * @param reason one sentence
   */
  record Unreadable(String reason) implements Decoded {}
}
