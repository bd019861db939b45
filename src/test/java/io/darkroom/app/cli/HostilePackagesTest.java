package io.darkroom.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.onnx.HostilePackages;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Folders of models in which some packages do what they can to stop the others. */
class HostilePackagesTest {
  private static final String LIMIT = "darkroom.engine.self-test-run";

  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int models() {
    return Main.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute("models", "--models", folder.toString(), "--rows-per-call", "2");
  }

  @Test
  void foldersWithoutAModelAreIgnored() throws IOException {
    HostilePackages.sound(folder.resolve("sound"));
    Files.createDirectories(folder.resolve("__pycache__"));
    Files.writeString(folder.resolve("__pycache__/common.pyc"), "bytes");

    assertThat(models()).isZero();

    assertThat(out.toString()).containsPattern("sound +\\| nothing");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aBrokenPackageDoesNotAffectTheOthers() throws Exception {
    HostilePackages.huge(folder.resolve("a-huge"));
    HostilePackages.pipe(folder.resolve("b-pipe"));
    HostilePackages.endless(folder.resolve("c-endless"));
    HostilePackages.millionKeys(folder.resolve("d-keys"));
    HostilePackages.largeSample(folder.resolve("e-large"));
    HostilePackages.sound(folder.resolve("sound"));
    System.setProperty(LIMIT, "300ms");
    try {
      assertThat(models()).isEqualTo(1);
    } finally {
      System.clearProperty(LIMIT);
    }

    assertThat(out.toString()).containsPattern("sound +\\| nothing");
    assertThat(err.toString().lines())
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .startsWith("darkroom: not served: a-huge: unet/model.onnx: must be less than")
                    .contains("external data"),
            line ->
                assertThat(line)
                    .isEqualTo(
                        "darkroom: not served: b-pipe: unet/model.onnx: must be a regular file"),
            line ->
                assertThat(line)
                    .startsWith(
                        "darkroom: not served: d-keys: scheduler/scheduler_config.json: must be at"
                            + " most 8388608 bytes, is "),
            line ->
                assertThat(line)
                    .isEqualTo(
                        "darkroom: not served: e-large: unet/config.json: sample_size: must be at"
                            + " most 4096, is 100000"),
            line ->
                assertThat(line)
                    .isEqualTo(
                        "darkroom: not served: c-endless: unet/model.onnx: must end a run within 300"
                            + " ms (darkroom.engine.self-test-run), does not"));
  }
}
