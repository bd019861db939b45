package io.darkroom.render;

import io.darkroom.job.RenderRequest;
import io.darkroom.job.Violation;
import java.util.List;
import java.util.Optional;

/**
 * Determines the prefix of the objects of a request: the prefix in the request, if its bucket is
 * allowed, or the default.
 */
final class Prefixes {
  private static final String POINTER = "/output/prefix";

  private Prefixes() {}

  /** Returns the folder of a request, {@code s3://bucket/prefix/id/}. */
  static ObjectUri folder(RenderRequest request, RenderSettings settings) throws RenderFailure {
    Optional<String> asked = request.output().prefix();
    ObjectUri prefix =
        asked.isPresent() ? allowed(asked.get(), settings) : settings.defaultPrefix();
    return prefix.child(request.id().value() + "/");
  }

  private static ObjectUri allowed(String asked, RenderSettings settings) throws RenderFailure {
    ObjectUri prefix = parsed(asked, POINTER);
    if (!prefix.isPrefix()) {
      throw RenderFailure.invalid(List.of(new Violation(POINTER, "must end in a slash")));
    }
    if (!settings.outputBuckets().contains(prefix.bucket())) {
      throw RenderFailure.invalid(
          List.of(
              new Violation(
                  POINTER,
                  "bucket must be one of darkroom.output.buckets of the worker, is "
                      + prefix.bucket())));
    }
    return prefix;
  }

  /** Parses an address in a request. */
  static ObjectUri parsed(String uri, String pointer) throws RenderFailure {
    try {
      return ObjectUri.parse(uri);
    } catch (IllegalArgumentException notAnAddress) {
      throw RenderFailure.invalid(
          List.of(new Violation(pointer, String.valueOf(notAnAddress.getMessage()))));
    }
  }
}
