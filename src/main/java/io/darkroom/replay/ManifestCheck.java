package io.darkroom.replay;

import static java.util.stream.Collectors.toSet;

import io.darkroom.image.OutputFormat;
import io.darkroom.image.OutputFormats;
import io.darkroom.job.ImageRef;
import io.darkroom.job.Manifest;
import io.darkroom.job.RenderRequest;
import io.darkroom.job.Seeds;
import io.darkroom.job.StageRequest;
import io.darkroom.job.Violation;
import io.darkroom.json.Decoded;
import io.darkroom.json.RequestCodec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Checks without files that the statements of a manifest agree: its id, outputs, seeds and models
 * are those of its request.
 */
final class ManifestCheck {
  /** Reads effective requests, of manifests and of pictures. */
  static final RequestCodec CODEC = new RequestCodec(RequestCodec.DEFAULT_MAX_BYTES);

  private final Manifest manifest;
  private final List<String> problems = new ArrayList<>();

  private ManifestCheck(Manifest manifest) {
    this.manifest = manifest;
  }

  /**
   * Returns one line for each contradiction; empty if there is none.
   *
   * @param request {@link #request} of the manifest
   */
  static List<String> problems(Manifest manifest, Optional<RenderRequest> request) {
    ManifestCheck check = new ManifestCheck(manifest);
    if (request.isPresent()) {
      check.compare(request.get());
    } else {
      check.problems.add(invalid(read(manifest)));
    }
    return check.problems;
  }

  /** Returns the effective request of a manifest; empty if it is invalid. */
  static Optional<RenderRequest> request(Manifest manifest) {
    return read(manifest) instanceof Decoded.Valid valid
        ? Optional.of(valid.request())
        : Optional.empty();
  }

  private static Decoded read(Manifest manifest) {
    return CODEC.read(RequestCodec.write(manifest.request()), "application/json");
  }

  /** Returns what is wrong with a request that is not valid: its first violation. */
  static String invalid(Decoded request) {
    if (request instanceof Decoded.Invalid invalid) {
      Violation first = invalid.violations().get(0);
      int more = invalid.violations().size() - 1;
      return "request: "
          + (first.pointer().isEmpty() ? "" : first.pointer() + ": ")
          + first.message()
          + (more > 0 ? ", and " + more + " more" : "");
    }
    return "request: "
        + (request instanceof Decoded.Unreadable unreadable ? unreadable.reason() : "is invalid");
  }

  private void compare(RenderRequest request) {
    same("request_id", request.id().value(), manifest.requestId());
    List<StageRequest> stages = request.stages();
    same("stages", stages.size(), manifest.stages().size());
    for (int i = 0; i < Math.min(stages.size(), manifest.stages().size()); i++) {
      same(
          "stages/" + i + "/model", stages.get(i).model().name(), manifest.stages().get(i).model());
    }
    outputs(request);
    inputs(request);
  }

  /** Each stored picture that the request names must be an input with its address. */
  private void inputs(RenderRequest request) {
    Set<String> recorded = manifest.inputs().stream().map(Manifest.InputFile::uri).collect(toSet());
    request.stage().references().entrySet().stream()
        .filter(each -> each.getValue() instanceof ImageRef.Stored)
        .filter(each -> !recorded.contains(((ImageRef.Stored) each.getValue()).uri()))
        .forEach(each -> problems.add("inputs: must have that of the request's " + each.getKey()));
  }

  private void outputs(RenderRequest request) {
    Seeds seeds = request.seeds();
    same("outputs", seeds.images(), manifest.outputs().size());
    Optional<String> mediaType =
        request.output().format().flatMap(OutputFormats::find).map(OutputFormat::mediaType);
    Set<String> uris = new HashSet<>();
    for (int i = 0; i < Math.min(seeds.images(), manifest.outputs().size()); i++) {
      Manifest.OutputFile output = manifest.outputs().get(i);
      String at = "outputs/" + i;
      same(at + "/index", i, output.index());
      seeds.seedOf(i).ifPresent(seed -> same(at + "/seed", text(seed), text(output.seed())));
      mediaType.ifPresent(type -> same(at + "/media_type", type, output.mediaType()));
      if (!uris.add(output.uri())) {
        problems.add(at + "/uri: is that of another output");
      }
      size(at, output);
    }
  }

  private void size(String at, Manifest.OutputFile output) {
    List<Integer> shape = output.shape();
    output
        .size()
        .map(size -> List.of(size.height(), size.width()))
        .filter(size -> shape.size() != 3 || !shape.subList(1, 3).equals(size))
        .ifPresent(
            size -> problems.add(at + ": height and width are " + size + ", shape is " + shape));
  }

  private static String text(long seed) {
    return Long.toUnsignedString(seed);
  }

  private void same(String what, Object expected, Object actual) {
    if (!expected.equals(actual)) {
      problems.add(what + ": must be " + expected + " as in the request, is " + actual);
    }
  }
}
