package io.darkroom.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** Invented notices of a worker. */
final class SampleNotices {
  private static final ObjectMapper JSON = new ObjectMapper();

  private SampleNotices() {}

  static Notice completed(String id, String sha256) {
    return new Notice(
        id,
        "completed",
        json(
            """
            {"request_id": "%1$s", "steps": 20, "timings_ms": {"queued": 1000, "total": 1234.4},
             "request": {"id": "%1$s", "model": "emoji-32@sha256:00ff",
                         "scheduler": {"_class_name": "EulerDiscreteScheduler"}},
             "outputs": [{"index": 0, "seed": "18446744073709551615",
                          "uri": "s3://darkroom/renders/%1$s/0-0123456789ab.png",
                          "media_type": "image/png", "sha256": "%2$s"}]}
            """
                .formatted(id, sha256)));
  }

  static Notice completed(String id) {
    return completed(id, "00");
  }

  static Notice rejected(String subject) {
    return new Notice(
        subject,
        "rejected",
        json(
            """
            {"error": {"class": "invalid", "message": "has 2 violations", "violations": [
              {"pointer": "/colour", "message": "is not a field"},
              {"pointer": "/num_inference_steps", "message": "must be 1 to 1000, is 0"}]}}
            """));
  }

  static Notice failed(String id) {
    return new Notice(
        id, "failed", json("{\"error\": {\"class\": \"numeric\", \"message\": \"NaN\"}}"));
  }

  static Notice progressed(String id, int done, int wanted) {
    return new Notice(
        id,
        "progressed",
        json("{\"evaluations_done\": %d, \"evaluations_wanted\": %d}".formatted(done, wanted)));
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
