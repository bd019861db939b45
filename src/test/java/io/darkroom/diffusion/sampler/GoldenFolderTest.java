package io.darkroom.diffusion.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.Golden;
import io.darkroom.diffusion.InvalidSampling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Tests that golden numbers can come from another folder, and that each number is compared. */
@Isolated
class GoldenFolderTest {
  private static final String CASE = "euler-scaled-eps-10-karras";

  @TempDir Path folder;
  private String before;

  @BeforeEach
  void copyOneCase() throws IOException {
    before = System.getProperty(Golden.FOLDER, "");
    System.setProperty(Golden.FOLDER, folder.toString());
    for (String part : List.of("inputs", "schedules", "models/index.json", "samplers/" + CASE)) {
      copy(Golden.OWN.resolve(part), folder.resolve(part));
    }
    Files.writeString(folder.resolve("samplers/index.json"), "[{\"id\": \"" + CASE + "\"}]");
  }

  @AfterEach
  void returnToTheFolderBefore() {
    if (before.isEmpty()) {
      System.clearProperty(Golden.FOLDER);
    } else {
      System.setProperty(Golden.FOLDER, before);
    }
  }

  @Test
  void anotherFolderIsReadInsteadOfTheDefault() throws InvalidSampling {
    List<GoldenCase> cases = GoldenCase.all();
    assertThat(cases).hasToString("[" + CASE + "]");
    GoldenRun.of(cases.get(0)).check();
    assertThat(GoldenCase.notListed()).isEmpty();
  }

  @Test
  void aWrongNumberIsNamedWithItsCaseAndPlace() throws IOException, InvalidSampling {
    Path snapshot = folder.resolve("samplers/" + CASE + "/final.npy");
    byte[] bytes = Files.readAllBytes(snapshot);
    // The sign of the element before the last.
    bytes[bytes.length - 5] ^= (byte) 0x80;
    Files.write(snapshot, bytes);
    int place = (bytes.length - 128) / Float.BYTES - 2;
    assertThatThrownBy(() -> GoldenRun.of(GoldenCase.all().get(0)).check())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("final of " + CASE + ": element " + place + " is ")
        .hasMessageContaining("less than or equal to:");
  }

  @Test
  void aCaseThatTheIndexDoesNotListIsFound() throws IOException {
    Files.createDirectories(folder.resolve("samplers/forgotten"));
    assertThat(GoldenCase.notListed()).isEqualTo(Set.of("forgotten"));
  }

  private static void copy(Path from, Path to) throws IOException {
    List<Path> all;
    try (Stream<Path> files = Files.walk(from)) {
      all = files.filter(Files::isRegularFile).collect(Collectors.toList());
    }
    for (Path file : all) {
      Path copied = to.resolve(from.relativize(file).toString());
      Files.createDirectories(copied.getParent());
      Files.copy(file, copied, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
