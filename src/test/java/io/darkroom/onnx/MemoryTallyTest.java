package io.darkroom.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.jna.Native;
import io.darkroom.model.Findings;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryTallyTest {
  /** Far more than other parts of the process allocate at the same time. */
  private static final long MUCH = 40_000_000;

  @TempDir Path folder;

  @Test
  void memoryOfLoadingCountsForThePackageAndNotForItsCalls() throws Exception {
    assumeThat(NativeHeap.bytes()).as("bytes of the C library's heap").isPresent();
    TinyPackage.write(folder.resolve("tiny"), TinyPackage.timesItsMeanOver(3));
    ModelPackage pack = PackageReader.read(folder.resolve("tiny"));
    MemoryTally tally = new MemoryTally();
    long networks = Native.malloc(MUCH);
    tally.opened();
    long calls = Native.malloc(2 * MUCH);
    tally.tested();
    long profile = Native.malloc(4 * MUCH);
    Findings.Memory found = tally.loaded(pack);
    Native.free(networks);
    Native.free(calls);
    Native.free(profile);
    assertThat(found.bytes()).isBetween(13 * MUCH / 2, 15 * MUCH / 2);
    assertThat(found.callBytes()).isBetween(3 * MUCH / 2, 5 * MUCH / 2);
  }
}
