package io.darkroom.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class SamplerNamesTest {

  @Test
  void thePageListsTheNamesOfTheRegisteredSamplers() throws IOException {
    assertThat(SamplerNames.SECTION.in(Files.readString(SamplerNames.PAGE)))
        .as(GeneratedPages.COMMAND)
        .isEqualTo(SamplerNames.markdown());
  }
}
