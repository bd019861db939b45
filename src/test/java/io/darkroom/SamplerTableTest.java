package io.darkroom;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.Proofs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SamplerTableTest {

  @Test
  void theReadmeTellsWhatIsProvenNow() throws IOException, InvalidSampling {
    String told = SamplerTable.section(Files.readString(Path.of("README.md")));
    assertThat(told)
        .as("written anew by: mvn package exec:exec@samplers -Dsamplers.readme=README.md")
        .isEqualTo(Proofs.markdown());
  }
}
