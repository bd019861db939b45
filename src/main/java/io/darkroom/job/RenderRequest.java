package io.darkroom.job;

/**
 * A request after decoding and validation against the schema, before any default is filled in. A
 * plan's {@code effective} request is the same type with the defaults.
 *
 * @param id identity together with the output prefix
 * @param stage what is asked of the network
 * @param seeds which random numbers, and how many images
 * @param output where the result goes and in which format
 * @param options priority, deadline and other options that do not affect the result
 */
public record RenderRequest(
    JobId id, StageRequest stage, Seeds seeds, Output output, JobOptions options) {

  /** The wire name of its kind: {@code generate} or {@code upscale}. */
  public String kind() {
    return stage.source().kind();
  }

  /** The package of its stage. */
  public ModelRef model() {
    return stage.model();
  }

  /** The same request with another stage. */
  public RenderRequest withStage(StageRequest other) {
    return new RenderRequest(id, other, seeds, output, options);
  }
}
