package io.darkroom.job;

import java.util.Optional;

/** Where a request's picture is. */
public sealed interface ImageRef {

  /**
   * An object in an allowed bucket.
   *
   * @param uri {@code s3://bucket/key}
   * @param sha256 the digest its bytes must have, where the request gives one
   */
  record Stored(String uri, Optional<String> sha256) implements ImageRef {}

  /** The picture itself, base64 as it came. */
  record Inline(String base64) implements ImageRef {}
}
