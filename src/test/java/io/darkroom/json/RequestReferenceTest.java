package io.darkroom.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class RequestReferenceTest {
  private static final Path PAGE = Schemas.FOLDER.resolve("request-reference.md");

  @Test
  void theReferenceIsGeneratedFromTheSchema() throws IOException {
    byte[] schema = Files.readAllBytes(Schemas.FOLDER.resolve("render-request.schema.json"));
    String page = new RequestReference(Schemas.tree(schema)).page();
    if (Boolean.getBoolean("reference.write")) {
      Files.writeString(PAGE, page, UTF_8);
    }
    assertThat(Files.readString(PAGE, UTF_8))
        .as("%s: write it with -Dtest=RequestReferenceTest -Dreference.write=true", PAGE)
        .isEqualTo(page);
  }
}
