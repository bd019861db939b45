package io.darkroom.demo;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * An event of a request.
 *
 * @param subject the request's id, or the record's source if its bytes have none
 * @param what {@code started}, {@code progressed}, {@code completed}, {@code failed}, {@code
 *     rejected} or {@code cancelled}
 * @param data data of the event
 */
record Notice(String subject, String what, JsonNode data) {

  /** Returns whether it is the last event of its request. */
  boolean terminal() {
    return !what.equals("started") && !what.equals("progressed");
  }

  boolean completed() {
    return what.equals("completed");
  }

  boolean rejected() {
    return what.equals("rejected");
  }

  /** Returns the address of the output with an index. */
  String output(int index) {
    for (JsonNode output : data.path("outputs")) {
      if (output.path("index").asInt(-1) == index) {
        return output.path("uri").asText();
      }
    }
    throw new DemoFailure(subject + ": has no output " + index);
  }
}
