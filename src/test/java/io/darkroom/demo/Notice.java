package io.darkroom.demo;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Something the worker said of a request.
 *
 * @param subject the request's id, or the record's place where its bytes had none
 * @param what {@code started}, {@code progressed}, {@code completed}, {@code failed}, {@code
 *     rejected} or {@code cancelled}
 * @param data the event's
 */
record Notice(String subject, String what, JsonNode data) {

  /** Whether it is the last of its request. */
  boolean terminal() {
    return !what.equals("started") && !what.equals("progressed");
  }

  boolean completed() {
    return what.equals("completed");
  }

  boolean rejected() {
    return what.equals("rejected");
  }

  /** Address of the output of an index. */
  String output(int index) {
    for (JsonNode output : data.path("outputs")) {
      if (output.path("index").asInt(-1) == index) {
        return output.path("uri").asText();
      }
    }
    throw new DemoFailure(subject + ": has no output " + index);
  }
}
