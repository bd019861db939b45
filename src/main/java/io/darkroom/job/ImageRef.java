package io.darkroom.job;

import java.util.Optional;

/** The location of a picture that a request names. */
public sealed interface ImageRef {

  /**
   * An object in an allowed bucket.
   *
   * @param uri {@code s3://bucket/key}
   * @param sha256 required digest of its bytes, if the request pins it
   */
  record Stored(String uri, Optional<String> sha256) implements ImageRef {}

  /** A picture inside the request, base64 as received. */
  record Inline(String base64) implements ImageRef {}
}
