package io.darkroom.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.darkroom.job.Tier;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Findings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KnownAnswersTest {
  private static final NetworkSettings EXACT = new NetworkSettings(1, 4, Tier.EXACT);
  private static final KnownAnswers IN_PACKAGES = KnownAnswers.inPackages();

  @TempDir Path folder;
  private ModelPackage pack;

  @BeforeEach
  void writePackage() throws IOException, BrokenPackage {
    TinyPackage.write(folder.resolve("tiny"), TinyPackage.timesItsMeanOver(3));
    pack = PackageReader.read(folder.resolve("tiny"));
  }

  private Findings load(NetworkSettings settings, KnownAnswers known) throws BrokenPackage {
    try (OrtNetworks networks = OrtNetworks.load(pack, settings, known)) {
      return networks.findings();
    }
  }

  private Path write(NetworkSettings settings) throws BrokenPackage, IOException {
    try (OrtNetworks networks = OrtNetworks.load(pack, settings, IN_PACKAGES)) {
      return IN_PACKAGES.write(pack, networks.device(), networks.findings());
    }
  }

  private static void falsify(Path file) throws IOException {
    String text = Files.readString(file);
    Files.writeString(file, text.replaceAll("\"unet\":\"[0-9a-f]{8}", "\"unet\":\"00000000"));
    assertThat(Files.readString(file)).isNotEqualTo(text);
  }

  @Test
  void writtenAnswersAreReadAndAreNotPartOfThePackage() throws Exception {
    assertThat(load(EXACT, IN_PACKAGES).answersKnown()).isFalse();
    assertThat(write(EXACT)).isEqualTo(folder.resolve("tiny/known_answers.json").toAbsolutePath());
    assertThat(load(EXACT, IN_PACKAGES).answersKnown()).isTrue();
    assertThat(PackageReader.read(folder.resolve("tiny")).card()).isEqualTo(pack.card());
  }

  @Test
  void anotherAnswerIsRefusedInTheTiersWithAPromise() throws Exception {
    falsify(write(EXACT));
    assertThatThrownBy(() -> load(EXACT, IN_PACKAGES))
        .isInstanceOfSatisfying(
            BrokenPackage.class, broken -> assertThat(broken.inexact()).isTrue())
        .hasMessageStartingWith("tiny: unet: must give the known answer 00000000");
    assertThat(load(new NetworkSettings(1, 4, Tier.FAST), IN_PACKAGES).answersKnown()).isFalse();
  }

  @Test
  void answersOfAnotherConfigurationAreIgnored() throws Exception {
    falsify(write(EXACT));
    NetworkSettings other = new NetworkSettings(2, 4, Tier.EXACT);
    assertThat(load(other, IN_PACKAGES).answersKnown()).isFalse();
    write(other);
    assertThat(load(other, IN_PACKAGES).answersKnown()).isTrue();
    assertThatThrownBy(() -> load(EXACT, IN_PACKAGES)).isInstanceOf(BrokenPackage.class);
  }

  @Test
  void aFolderKeepsTheAnswersOfTheFirstStart() throws Exception {
    KnownAnswers shared = KnownAnswers.in(folder.resolve("answers"));
    assertThat(load(EXACT, shared).answersKnown()).isFalse();
    assertThat(load(EXACT, shared).answersKnown()).isTrue();
    List<Path> files;
    try (var listed = Files.list(folder.resolve("answers"))) {
      files = listed.toList();
    }
    assertThat(files).hasSize(1);
    assertThat(files.get(0).getFileName().toString()).matches("tiny-[0-9a-f]{12}\\.json");
    falsify(files.get(0));
    assertThatThrownBy(() -> load(EXACT, shared)).isInstanceOf(BrokenPackage.class);
  }

  @Test
  void answersThatAnotherStartStoredMeanwhileAreKept() throws Exception {
    KnownAnswers shared = KnownAnswers.in(folder.resolve("answers"));
    try (OrtNetworks first = OrtNetworks.load(pack, EXACT, IN_PACKAGES)) {
      Path file = shared.keep(pack, first.device(), first.findings());
      assertThat(shared.keep(pack, first.device(), first.findings())).isEqualTo(file);
      falsify(file);
      String kept = Files.readString(file);
      assertThatThrownBy(() -> shared.keep(pack, first.device(), first.findings()))
          .isInstanceOf(BrokenPackage.class)
          .hasMessageStartingWith("unet: must give the known answer 00000000");
      assertThat(Files.readString(file)).isEqualTo(kept);
    }
  }

  @Test
  void theAnswersHaveThePermissionsOfTheOtherFiles() throws Exception {
    Path other = Files.createFile(folder.resolve("other"));
    PosixFileAttributeView view = Files.getFileAttributeView(other, PosixFileAttributeView.class);
    assumeThat(view).isNotNull();
    assertThat(Files.getPosixFilePermissions(write(EXACT)))
        .isEqualTo(view.readAttributes().permissions());
  }

  @Test
  void aFailedWriteLeavesNoFile() throws Exception {
    Path inTheWay = folder.resolve("tiny/known_answers.json");
    Files.createDirectories(inTheWay.resolve("full"));
    assertThatThrownBy(() -> write(EXACT)).isInstanceOf(IOException.class);
    try (var listed = Files.list(folder.resolve("tiny"))) {
      assertThat(listed.map(file -> file.getFileName().toString()))
          .noneMatch(name -> name.startsWith("."));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "5", "{}"})
  void anAnswerThatIsNotADigestIsNamed(String value) throws Exception {
    Path file = write(EXACT);
    String text = Files.readString(file);
    Files.writeString(file, text.replaceAll("\"unet\":\"[0-9a-f]+\"", "\"unet\":" + value));
    assertThat(Files.readString(file)).isNotEqualTo(text);
    assertThatThrownBy(() -> load(EXACT, IN_PACKAGES))
        .isInstanceOf(BrokenPackage.class)
        .hasMessageStartingWith(
            "tiny: known_answers.json: sha256: must hold a digest for each component, is {");
  }

  @Test
  void aDamagedFileIsNamed() throws Exception {
    Files.writeString(folder.resolve("tiny/known_answers.json"), "{");
    assertThatThrownBy(() -> load(EXACT, IN_PACKAGES))
        .hasMessage("tiny: known_answers.json: cannot be read");
  }
}
