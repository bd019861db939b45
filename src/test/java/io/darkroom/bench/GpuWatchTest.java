package io.darkroom.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.darkroom.onnx.Provider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GpuWatchTest {
  @TempDir Path folder;

  @Test
  void theDriversSamplesAreAveragedWithoutTheFirst() throws IOException {
    Path said = folder.resolve("said");
    Path driver =
        program(
            "echo '3, 10, 5.0'; echo '90, 2000, 300.5'; echo '100, 1500, [N/A]'",
            "echo \"$@\" > " + folder.resolve("arguments"),
            "touch " + said,
            "exec sleep 600");

    GpuUse use =
        GpuWatch.during(driver.toString(), 2, () -> await().until(() -> Files.exists(said)));

    assertThat(use)
        .isEqualTo(
            new GpuUse(OptionalDouble.of(0.95), OptionalDouble.of(2000), OptionalDouble.of(300.5)));
    assertThat(Files.readString(folder.resolve("arguments"))).contains("--id=2 ");
  }

  @Test
  void withoutValuesOfADriverTheUseIsEmpty() {
    AtomicInteger runs = new AtomicInteger();
    String nowhere = folder.resolve("none").toString();
    assertThat(GpuWatch.during(nowhere, 0, runs::incrementAndGet)).isEqualTo(GpuUse.UNKNOWN);
    assertThat(GpuUse.of(List.of("No devices were found", ""))).isEqualTo(GpuUse.UNKNOWN);
    assertThat(runs).hasValue(0);
  }

  @Test
  void aCpuIsNotWatched() {
    AtomicInteger runs = new AtomicInteger();
    assertThat(GpuWatch.during(Provider.CPU, runs::incrementAndGet)).isEqualTo(GpuUse.UNKNOWN);
    assertThat(runs).hasValue(0);
  }

  private Path program(String... lines) throws IOException {
    Path program = folder.resolve("driver");
    Files.writeString(program, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
    return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
  }
}
