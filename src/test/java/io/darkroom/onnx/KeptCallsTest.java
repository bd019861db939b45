package io.darkroom.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.engine.Denoiser;
import io.darkroom.engine.DeviceFailure;
import io.darkroom.job.Tier;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Shape;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests which unused calls a denoiser keeps. */
class KeptCallsTest {
  private static final Shape SMALL = square(8);

  @TempDir Path folder;
  private OrtNetworks networks;
  private Denoiser denoiser;

  @BeforeEach
  void open() throws IOException, BrokenPackage {
    Path tiny = folder.resolve("tiny");
    TinyPackage.write(tiny, TinyPackage.timesItsMeanOver(3));
    networks = OrtNetworks.load(PackageReader.read(tiny), new NetworkSettings(1, 4, Tier.EXACT));
    denoiser = networks.denoiser();
  }

  @AfterEach
  void close() {
    networks.close();
  }

  private static Shape square(int side) {
    return new Shape(3, side, side);
  }

  @Test
  void aUsedCallStaysWhenOthersAreRequested() {
    Denoiser.Call used = denoiser.call(SMALL);
    for (int side = 9; side < 40; side++) {
      denoiser.call(square(side));
      denoiser.release(square(side));
    }
    assertThat(denoiser.call(SMALL)).isSameAs(used);
  }

  @Test
  void theMostRecentlyReleasedCallsAreKept() {
    Denoiser.Call first = denoiser.call(SMALL);
    denoiser.release(SMALL);
    Denoiser.Call second = denoiser.call(square(9));
    denoiser.release(square(9));
    for (int side = 10; side < 25; side++) {
      denoiser.call(square(side));
      denoiser.release(square(side));
    }
    assertThat(denoiser.call(square(9))).isSameAs(second);
    assertThat(denoiser.call(SMALL)).isNotSameAs(first);
  }

  @Test
  void aLargeCallIsNotKept() {
    // Two rows of input and output, 256 MB and more.
    Shape large = square(2400);
    Denoiser.Call call = denoiser.call(large);
    denoiser.release(large);
    assertThat(denoiser.call(large)).isNotSameAs(call);
  }

  @Test
  void releasedCallsAreDroppedWhenMemoryIsShort() {
    Denoiser.Call idle = denoiser.call(SMALL);
    denoiser.release(SMALL);
    assertThatThrownBy(() -> denoiser.call(square(12_000)))
        .isInstanceOfSatisfying(
            DeviceFailure.class,
            failure -> assertThat(failure.kind()).isEqualTo(DeviceFailure.Kind.OUT_OF_MEMORY));
    assertThat(denoiser.call(SMALL)).isNotSameAs(idle);
  }
}
