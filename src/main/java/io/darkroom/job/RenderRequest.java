package io.darkroom.job;

import java.util.List;
import java.util.stream.Stream;

/**
 * A request after decoding and validation against the schema, before any default is filled in. A
 * plan's {@code effective} request is the same type with the defaults.
 *
 * @param id identifies the request, together with the output prefix
 * @param stage the first stage
 * @param then further stages, each of which starts from the result of the previous one
 * @param seeds seeds and the number of images
 * @param output destination and format of the results
 * @param options priority, deadline and other options that do not affect the result
 */
public record RenderRequest(
    JobId id,
    StageRequest stage,
    List<StageRequest> then,
    Seeds seeds,
    Output output,
    JobOptions options) {

  public RenderRequest {
    then = List.copyOf(then);
  }

  /** Creates a request of one stage. */
  public RenderRequest(
      JobId id, StageRequest stage, Seeds seeds, Output output, JobOptions options) {
    this(id, stage, List.of(), seeds, output, options);
  }

  /** Returns all stages in order. */
  public List<StageRequest> stages() {
    return Stream.concat(Stream.of(stage), then.stream()).toList();
  }

  /** Returns the JSON pointer of a stage, counted from 0; empty for the first one. */
  public static String pointer(int stage) {
    return stage == 0 ? "" : "/then/" + (stage - 1);
  }

  /** Returns the kind in messages: {@code generate} or {@code upscale}. */
  public String kind() {
    return stage.source().kind();
  }

  /** Returns the package of the first stage. */
  public ModelRef model() {
    return stage.model();
  }

  /** Returns a copy with other stages. */
  public RenderRequest withStages(List<StageRequest> all) {
    return new RenderRequest(id, all.get(0), all.subList(1, all.size()), seeds, output, options);
  }

  /** Returns a copy with another output. */
  public RenderRequest withOutput(Output other) {
    return new RenderRequest(id, stage, then, seeds, other, options);
  }

  /** Returns a copy with another first stage. */
  public RenderRequest withStage(StageRequest other) {
    return new RenderRequest(id, other, then, seeds, output, options);
  }
}
