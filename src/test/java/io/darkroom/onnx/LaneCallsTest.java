package io.darkroom.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.bench.ForwardingCall;
import io.darkroom.engine.Denoiser;
import io.darkroom.engine.DeviceFailure;
import io.darkroom.job.Tier;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Conditioning;
import io.darkroom.model.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls whose rows are split over lanes. */
class LaneCallsTest {
  private static final Shape SHAPE = new Shape(3, 8, 8);
  private static final Conditioning NOTHING = new Conditioning(Map.of(), Map.of(), new float[0]);

  @TempDir Path folder;

  private OrtNetworks load(int rows, Lanes lanes) throws BrokenPackage {
    return Packages.load(folder, new NetworkSettings(1, rows, Tier.EXACT).on(lanes));
  }

  /** Returns the output of each row; rows have different samples and three different timesteps. */
  private static List<float[]> run(Denoiser denoiser, int rows) {
    return run(denoiser, rows, -1);
  }

  private static List<float[]> run(Denoiser denoiser, int rows, int special) {
    Denoiser.Call call = denoiser.call(SHAPE);
    for (int row = 0; row < rows; row++) {
      call.sample(row).put(TestInputs.numbers(new SplittableRandom(row), SHAPE.size()));
      call.timestep(row, row == special ? 3000 : 100 + 300 * (row % 3));
      call.condition(row, NOTHING);
    }
    call.run(rows);
    List<float[]> outputs = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      float[] output = new float[call.outputSize()];
      call.output(row, output);
      outputs.add(output);
    }
    return outputs;
  }

  private void sameOnAllLanes(int mostRows) throws BrokenPackage {
    List<List<float[]>> alone = new ArrayList<>();
    try (OrtNetworks one = load(mostRows, Lanes.ONE)) {
      for (int rows = 1; rows <= mostRows; rows++) {
        alone.add(run(one.denoiser(), rows));
      }
    }
    for (int count = 2; count < 5; count++) {
      try (Lanes lanes = Lanes.of(count);
          OrtNetworks split = load(mostRows, lanes)) {
        for (int rows = mostRows; rows > 0; rows--) {
          List<float[]> outputs = run(split.denoiser(), rows);
          for (int row = 0; row < rows; row++) {
            assertThat(outputs.get(row)).containsExactly(alone.get(rows - 1).get(row));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 7})
  void rowsGiveTheSameBits(int mostRows) throws BrokenPackage, IOException {
    TinyPackage.write(folder, TinyPackage.timesItsMeanOver(3));
    sameOnAllLanes(mostRows);
  }

  @Test
  void rowsThatNeverRunAloneGiveTheSameBits() throws BrokenPackage, IOException {
    TinyPackage.write(folder, TinyPackage.timesItsMeanOver(1, 2));
    sameOnAllLanes(5);
  }

  @Test
  void rowsOfASharedTimestepGiveTheSameBits() throws BrokenPackage, IOException {
    TinyPackage.write(folder, TinyPackage.enlargedByItsRowCountBeyond(1000, 1));
    sameOnAllLanes(5);
  }

  @Test
  void rowsThatRunAloneAreOnePerLane() throws BrokenPackage, IOException {
    TinyPackage.write(folder, TinyPackage.roundedToWhatItsRowsNeed());
    try (Lanes lanes = Lanes.of(3);
        OrtNetworks split = load(1, lanes);
        OrtNetworks one = load(1, Lanes.ONE)) {
      assertThat(one.denoiser().mostRows()).isEqualTo(1);
      assertThat(split.denoiser().mostRows()).isEqualTo(3);
      assertThat(split.denoiser().call(SHAPE).mostRows()).isEqualTo(3);
      List<float[]> outputs = run(split.denoiser(), 3);
      assertThat(outputs.subList(0, 2))
          .usingRecursiveComparison()
          .isEqualTo(run(one.denoiser(), 2));
    }
  }

  @Test
  void lanesAreNotPartOfTheFingerprint() throws BrokenPackage, IOException {
    TinyPackage.write(folder, TinyPackage.timesItsMeanOver(3));
    try (Lanes lanes = Lanes.of(2);
        OrtNetworks split = load(4, lanes);
        OrtNetworks one = load(4, Lanes.ONE)) {
      assertThat(split.device()).isEqualTo(one.device());
      assertThat(split.findings().answers()).isEqualTo(one.findings().answers());
    }
  }

  @Test
  void rowsThatAreRefusedInOneLaneFailTheCallAndNoLaterOne() throws BrokenPackage, IOException {
    TinyPackage.write(folder, TinyPackage.refusingTimestepsFrom(2000));
    try (Lanes lanes = Lanes.of(2);
        OrtNetworks split = load(4, lanes)) {
      List<float[]> before = run(split.denoiser(), 4);
      for (int special = 0; special < 4; special++) {
        int refused = special;
        assertThatThrownBy(() -> run(split.denoiser(), 4, refused))
            .isInstanceOfSatisfying(
                DeviceFailure.class,
                failure -> assertThat(failure.kind()).isEqualTo(DeviceFailure.Kind.REFUSED));
        assertThat(run(split.denoiser(), 4)).usingRecursiveComparison().isEqualTo(before);
      }
    }
  }

  @Test
  void aSelfTestNoticesACallOfOtherBits() throws BrokenPackage, IOException {
    TinyPackage.write(folder, TinyPackage.timesItsMeanOver(3));
    ModelPackage pack = PackageReader.read(folder);
    DenoiserSignature signature =
        DenoiserSignature.of(pack.card(), OnnxGraph.read(folder, "unet/model.onnx"));
    try (OrtNetworks networks = load(4, Lanes.ONE)) {
      BatchInvarianceCheck check =
          BatchInvarianceCheck.of(
                  networks.denoiser(), TestInputs.of(pack.card(), signature, 5, 1), 4)
              .orElseThrow();
      assertThat(IntStream.rangeClosed(1, 4)).allMatch(n -> check.agrees(networks.denoiser(), n));
      Denoiser other = new OneBitMore(networks.denoiser());
      assertThat(check.agrees(other, 1)).isTrue();
      assertThat(IntStream.rangeClosed(2, 4)).noneMatch(n -> check.agrees(other, n));
    }
  }

  @ParameterizedTest
  @CsvSource({"EXACT, 1", "REPEATABLE, 3", "FAST, 3"})
  void oneLaneIsUsedIfOnlyCallsOverLanesGiveOtherBits(Tier tier, int used)
      throws BrokenPackage, IOException {
    TinyPackage.write(folder, TinyPackage.timesItsMeanOver(3));
    ModelPackage pack = PackageReader.read(folder);
    try (Lanes lanes = Lanes.of(3)) {
      NetworkSettings settings = new NetworkSettings(1, 6, tier).on(lanes);
      DenoiserLoading loading = DenoiserLoading.load(pack, settings);
      try (OrtDenoiser one = loading.denoiser(BatchSizes.upTo(6), Lanes.ONE);
          OrtDenoiser split = loading.denoiser(BatchSizes.upTo(6), lanes)) {
        SelfTest test = SelfTest.of(one, pack.card(), loading);
        assertThat(test.lanes(split, 6, tier, lanes)).isSameAs(lanes);
        assertThat(test.lanes(new OneBitMore(split), 6, tier, lanes).count()).isEqualTo(used);
      } finally {
        loading.session().close();
      }
    }
  }

  /** A network that changes the last bit of the second row. */
  private record OneBitMore(Denoiser denoiser) implements Denoiser {
    @Override
    public int mostRows() {
      return denoiser.mostRows();
    }

    @Override
    public int rowsOfCall(int used) {
      return denoiser.rowsOfCall(used);
    }

    @Override
    public Call call(Shape sample) {
      return new SecondRow(denoiser.call(sample));
    }
  }

  private static final class SecondRow extends ForwardingCall {
    private SecondRow(Denoiser.Call call) {
      super(call);
    }

    @Override
    public void output(int row, float[] out) {
      super.output(row, out);
      out[5] = row == 1 ? Math.nextUp(out[5]) : out[5];
    }
  }
}
