package io.darkroom.render;

import io.darkroom.job.JobOptions;
import io.darkroom.job.Output;
import io.darkroom.job.RenderRequest;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Removes the fields of a request that do not affect its pixels, for image files: two requests that
 * differ only in priority give the same bytes.
 */
final class CanonicalRequest {
  private static final JobOptions STANDARD =
      new JobOptions(5, Optional.empty(), OptionalInt.empty(), false, Map.of());

  private CanonicalRequest() {}

  static RenderRequest of(RenderRequest request) {
    Output output = request.output();
    Output anywhere =
        new Output(
            Optional.empty(),
            output.format(),
            output.quality(),
            output.bits(),
            output.keepIntermediate());
    return new RenderRequest(
        request.id(), request.stage(), request.then(), request.seeds(), anywhere, STANDARD);
  }
}
