package io.darkroom.demo;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One output of a completed request.
 *
 * @param index of the output
 * @param several whether its request has more than this one
 */
record Picture(String id, int index, boolean several, JsonNode output, JsonNode manifest) {

  /** Returns the id, with the index if there are several. */
  String name() {
    return several ? id + "#" + index : id;
  }

  /** The model's name without its digest. */
  String model() {
    return request().path("model").asText().split("@", 2)[0];
  }

  /** Returns the scheduler's class name without the common suffix. */
  String sampler() {
    return request().path("scheduler").path("_class_name").asText().replace("Scheduler", "");
  }

  String steps() {
    return manifest.path("steps").asText();
  }

  String seed() {
    return output.path("seed").asText();
  }

  /** Returns the milliseconds from publication to the begin of the render. */
  String queuedMillis() {
    return Long.toString(Math.round(timing("queued")));
  }

  /** Returns the milliseconds from the begin of the render until all was stored. */
  String renderMillis() {
    return Long.toString(Math.round(timing("total") - timing("queued")));
  }

  String uri() {
    return output.path("uri").asText();
  }

  String sha256() {
    return output.path("sha256").asText();
  }

  String mediaType() {
    return output.path("media_type").asText();
  }

  private double timing(String phase) {
    return manifest.path("timings_ms").path(phase).asDouble();
  }

  private JsonNode request() {
    return manifest.path("request");
  }
}
