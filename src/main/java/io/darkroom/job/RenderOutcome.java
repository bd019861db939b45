package io.darkroom.job;

/**
 * The outcome of a request. Each request has exactly one, which is published in one terminal event.
 */
public sealed interface RenderOutcome {

  /** Returns the request's id, or {@code topic/partition/offset} if the bytes contained no id. */
  String subject();

  /** Returns the SHA-256 of the canonical request; empty if the bytes could not be read. */
  String requestSha256();

  /**
   * The pictures are stored.
   *
   * @param manifest the manifest
   * @param reused whether the manifest already existed
   */
  record Completed(Manifest manifest, boolean reused) implements RenderOutcome {
    @Override
    public String subject() {
      return manifest.requestId();
    }

    @Override
    public String requestSha256() {
      return manifest.requestSha256();
    }
  }

  /**
   * The request was accepted but could not be rendered.
   *
   * @param evaluations network evaluations spent until then
   */
  record Failed(String subject, String requestSha256, Problem problem, long evaluations)
      implements RenderOutcome {

    /** Creates a failure without spent evaluations. */
    public Failed(String subject, String requestSha256, Problem problem) {
      this(subject, requestSha256, problem, 0);
    }
  }

  /** The request was not accepted; its bytes go to the dead-letter topic. */
  record Rejected(String subject, String requestSha256, Problem problem) implements RenderOutcome {}

  /**
   * Cancelled by the publisher.
   *
   * @param evaluations network evaluations spent until then
   */
  record Cancelled(String subject, String requestSha256, long evaluations)
      implements RenderOutcome {}
}
