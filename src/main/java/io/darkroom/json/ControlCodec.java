package io.darkroom.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.darkroom.job.JobId;
import io.darkroom.job.Violation;

/** Reads untrusted control messages. Safe for use by many threads. */
public final class ControlCodec {
  private static final int MAX_BYTES = 1 << 16;
  private static final int MAX_DEPTH = 32;

  private final StrictJson json = new StrictJson(MAX_BYTES, MAX_DEPTH);
  private final MessageSchema schema = MessageSchema.load("control.schema.json");

  /** Reads the value of a record. */
  public Control read(byte[] body) {
    try {
      return control(json.read(body));
    } catch (NotJson e) {
      return new Control.Unusable(e.reason());
    }
  }

  private Control control(JsonNode message) {
    Found found = schema.violations(message);
    if (!found.nothing()) {
      Violation first = found.first().get(0);
      return new Control.Unusable((first.pointer() + ": " + first.message()).strip());
    }
    return new Control.Cancel(new JobId(message.path("request_id").textValue()));
  }
}
