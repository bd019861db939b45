package io.darkroom.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.job.Tier;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class NativeFilesTest {
  @TempDir Path folder;

  @Test
  @EnabledOnOs(OS.LINUX)
  void aSessionRunsWithoutTheFilesOfItsLibrary() throws Exception {
    Path tiny = folder.resolve("tiny");
    TinyPackage.write(tiny, TinyPackage.timesItsMeanOver(3));
    OrtNetworks.load(PackageReader.read(tiny), new NetworkSettings(1, 4, Tier.EXACT)).close();

    assertThat(NativeFiles.loaded()).isEmpty();
    assertThat(Files.readAllLines(Path.of("/proc/self/maps")))
        .as("the library is loaded all the same")
        .anyMatch(line -> line.contains("/libonnxruntime.so") && line.endsWith("(deleted)"));
  }
}
