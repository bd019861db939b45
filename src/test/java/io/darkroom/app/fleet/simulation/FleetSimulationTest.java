package io.darkroom.app.fleet.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FleetSimulationTest {
  /**
   * Workers start in exactly 100 s, decisions are made every 10 s, and a minute without work
   * removes a worker.
   */
  private static final FleetSettings EXACT = new FleetSettings(4, 100, 100, 10, 60, 1);

  @Test
  void oneRequestStartsOneWorkerThatStopsAfterTheWindow() {
    Trace one = new Trace("one", List.of(new Arrival(5, 30)));

    SimulationResult result = FleetSimulation.run(one, new Scaling.ByDeviceSeconds(60), EXACT);

    // Decided at 10, ready at 110, done at 140; the target of 130 counts until 190.
    assertThat(result.waits()).containsExactly(new SimulationResult.Wait("", 105));
    assertThat(result.starts()).isEqualTo(1);
    assertThat(result.reversals()).isEqualTo(1);
    assertThat(result.gpuHours() * 3600).isCloseTo(190 - 10, within(20.0));
    assertThat(result.busy() * result.gpuHours() * 3600).isCloseTo(30, within(1e-6));
  }

  @Test
  void everyRequestIsRenderedOnceAndTheDeviceTimeIsThatOfTheTrace() {
    for (Trace trace : Trace.synthetic(3)) {
      double seconds = trace.arrivals().stream().mapToDouble(Arrival::deviceSeconds).sum();
      for (Scaling scaling : Scaling.rules(trace, 120)) {
        SimulationResult result = FleetSimulation.run(trace, scaling, FleetSettings.KEDA);
        assertThat(result.waits())
            .hasSize(trace.arrivals().size())
            .allMatch(wait -> wait.seconds() >= 0);
        assertThat(result.busy() * result.gpuHours() * 3600)
            .as(trace.name() + " " + scaling.name())
            .isCloseTo(seconds, within(seconds * 1e-6));
        assertThat(result.samples()).allMatch(sample -> sample.backlogSeconds() > -1e-6);
      }
    }
  }

  @Test
  void theSameSeedGivesTheSameFleet() {
    Trace trace = Trace.bursts(5);
    Scaling scaling = new Scaling.ByLag(20);

    assertThat(FleetSimulation.run(trace, scaling, FleetSettings.KEDA))
        .isEqualTo(FleetSimulation.run(Trace.bursts(5), scaling, FleetSettings.KEDA));
  }

  @Test
  void deviceSecondsDependOnTheSizeOfRequestsAndLagDoesNot() {
    Scaling lag = new Scaling.ByLag(10);
    Scaling device = new Scaling.ByDeviceSeconds(60);

    assertThat(lag.workers(20, 40)).isEqualTo(lag.workers(20, 1200)).isEqualTo(2);
    assertThat(device.workers(20, 40)).isEqualTo(1);
    assertThat(device.workers(20, 1200)).isEqualTo(20);
  }

  @Test
  void theAutoscalerObeysItsBoundsAndItsWindow() {
    Autoscaler autoscaler = new Autoscaler(new FleetSettings(6, 0, 0, 10, 60, 1));

    assertThat(autoscaler.decide(0, 0, 100)).as("four a minute").isEqualTo(4);
    assertThat(autoscaler.decide(10, 4, 100)).as("the same minute").isEqualTo(4);
    assertThat(autoscaler.decide(60, 4, 100)).as("double, within the bound").isEqualTo(6);
    assertThat(autoscaler.decide(100, 6, 0)).as("the wish of a minute ago").isEqualTo(6);
    assertThat(autoscaler.decide(130, 6, 0)).as("one a minute").isEqualTo(5);
    assertThat(autoscaler.decide(140, 5, 0)).as("the same minute").isEqualTo(5);
  }

  @Test
  void percentilesAreWaitsThatOccurred() {
    List<SimulationResult.Wait> waits =
        IntStream.rangeClosed(1, 200)
            .mapToObj(i -> new SimulationResult.Wait(i > 100 ? "a" : "b", 201 - i))
            .toList();
    SimulationResult result = new SimulationResult(waits, 1, 1, 1, 0, List.of());

    assertThat(result.wait(50)).isEqualTo(100);
    assertThat(result.wait(95)).isEqualTo(190);
    assertThat(result.wait(100)).isEqualTo(200);
    assertThat(result.models()).containsExactly("a", "b");
    assertThat(result.of("a").wait(100)).isEqualTo(100);
    assertThat(result.of("b").wait(50)).isEqualTo(150);
  }

  @Test
  void aRecordedTraceIsReadAndItsFaultsAreNamed(@TempDir Path folder) throws IOException {
    Path good = Files.writeString(folder.resolve("good.csv"), "# second,device\n3, 1.5, m\n1,2\n");
    assertThat(Trace.read(good).arrivals())
        .containsExactly(new Arrival(1, 2), new Arrival(3, 1.5, "m"));

    Path bad = Files.writeString(folder.resolve("bad.csv"), "1,2\n1;2\n");
    assertThatThrownBy(() -> Trace.read(bad))
        .hasMessage(bad + ":2: must be SECOND,DEVICE_SECONDS[,MODEL], is 1;2");
    Path negative = Files.writeString(folder.resolve("negative.csv"), "1,-2\n");
    assertThatThrownBy(() -> Trace.read(negative))
        .hasMessageContaining(":1: arrival: must have a time of 0 or more");
    Path empty = Files.writeString(folder.resolve("empty.csv"), "\n");
    assertThatThrownBy(() -> Trace.read(empty))
        .hasMessage("trace empty.csv: must have an arrival, has none");
  }
}
