package io.darkroom.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;

/** The schemas of events, for tests. */
public final class Schemas {
  static final Path FOLDER = Path.of("schemas");
  private static final StrictJson JSON = new StrictJson(1 << 24, 64);

  private Schemas() {}

  static JsonNode tree(byte[] bytes) {
    try {
      return JSON.read(bytes);
    } catch (NotJson e) {
      throw new AssertionError(e);
    }
  }

  /** Fails with the first violations of a message. */
  public static void assertValid(String schema, byte[] message) {
    assertThat(MessageSchema.load(schema + ".schema.json").violations(tree(message)).first())
        .isEmpty();
  }
}
