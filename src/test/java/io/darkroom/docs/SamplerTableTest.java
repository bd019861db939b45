package io.darkroom.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.Golden;
import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.sampler.Proofs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

class SamplerTableTest {

  @Test
  @DisabledIfSystemProperty(
      named = Golden.FOLDER,
      matches = ".+",
      disabledReason = "the page states the golden numbers of this repository")
  void thePageHasTheValuesThatAreMeasuredNow() throws IOException, InvalidSampling {
    String page = SamplerTable.SECTION.in(Files.readString(Path.of("src/docs/samplers.md")));
    assertThat(page)
        .as(
            "to update it: mvn -q -DskipTests package exec:exec@samplers -Dsamplers.page=src/docs/samplers.md")
        .isEqualTo(Proofs.markdown());
  }
}
