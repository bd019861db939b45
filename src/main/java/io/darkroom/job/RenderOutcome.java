package io.darkroom.job;

/** How a request ended: exactly one of these per request, announced in one terminal event. */
public sealed interface RenderOutcome {

  /** The request's id, or {@code topic/partition/offset} where the bytes had none. */
  String subject();

  /** SHA-256 of the canonical request, empty where the bytes could not be read. */
  String requestSha256();

  /**
   * Pictures are in the store.
   *
   * @param manifest the commit
   * @param reused whether it was there already
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
   * Accepted, but could not be rendered.
   *
   * @param evaluations of the network spent until then
   */
  record Failed(String subject, String requestSha256, Problem problem, long evaluations)
      implements RenderOutcome {

    /** Nothing was spent. */
    public Failed(String subject, String requestSha256, Problem problem) {
      this(subject, requestSha256, problem, 0);
    }
  }

  /** Not accepted: the bytes go to the dead letters. */
  record Rejected(String subject, String requestSha256, Problem problem) implements RenderOutcome {}

  /**
   * Cancelled by the publisher.
   *
   * @param evaluations of the network spent until then
   */
  record Cancelled(String subject, String requestSha256, long evaluations)
      implements RenderOutcome {}
}
