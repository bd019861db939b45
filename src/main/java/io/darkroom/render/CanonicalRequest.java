package io.darkroom.render;

import io.darkroom.job.JobOptions;
import io.darkroom.job.Output;
import io.darkroom.job.RenderRequest;
import io.darkroom.job.RenderRequest.Generate;
import io.darkroom.job.RenderRequest.Upscale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A request without the fields that do not affect its pixels, as image files hold it: two requests
 * that differ only in priority give the same bytes.
 */
final class CanonicalRequest {
  private static final JobOptions HANDLING =
      new JobOptions(5, Optional.empty(), OptionalInt.empty(), false, Map.of());

  private CanonicalRequest() {}

  static RenderRequest of(RenderRequest request) {
    return request instanceof Generate generate ? generate(generate) : upscale((Upscale) request);
  }

  private static Generate generate(Generate request) {
    return new Generate(
        request.id(),
        request.model(),
        request.prompts(),
        request.classLabel(),
        request.size(),
        request.image(),
        request.maskImage(),
        request.strength(),
        request.sampling(),
        request.seeds(),
        output(request.output()),
        HANDLING);
  }

  private static Upscale upscale(Upscale request) {
    return new Upscale(
        request.id(),
        request.model(),
        request.image(),
        request.prompts(),
        request.noiseLevel(),
        request.tile(),
        request.sampling(),
        request.seeds(),
        output(request.output()),
        HANDLING);
  }

  private static Output output(Output output) {
    return new Output(
        Optional.empty(), output.format(), output.quality(), output.keepIntermediate());
  }
}
