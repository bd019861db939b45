package io.darkroom.json;

import io.darkroom.job.JobId;
import io.darkroom.job.RenderRequest;
import io.darkroom.job.Violation;
import java.util.List;
import java.util.Optional;

/** The result of reading a record. */
public sealed interface Decoded {

  /**
   * A request that conforms to the schema.
   *
   * @param request the request with only the fixed defaults of the contract filled in
   * @param sha256 the request digest, 64 hexadecimal digits
   */
  record Valid(RenderRequest request, String sha256) implements Decoded {}

  /**
   * JSON that breaks the rules of requests.
   *
   * @param id the id, if that field is valid
   * @param sha256 the request digest; empty if the message is not an object or contains a number
   *     outside the range of a double
   * @param violations one or more
   */
  record Invalid(Optional<JobId> id, String sha256, List<Violation> violations) implements Decoded {
    public Invalid {
      violations = List.copyOf(violations);
    }
  }

  /**
   * Bytes that are not JSON, an envelope without a request, or an event of another type.
   *
   * @param reason one sentence
   */
  record Unreadable(String reason) implements Decoded {}
}
