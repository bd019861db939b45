package io.darkroom.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.DirectEngine;
import io.darkroom.engine.DeviceFailure;
import io.darkroom.engine.EngineLimits;
import io.darkroom.engine.EngineObserver;
import io.darkroom.engine.StageOutcome;
import io.darkroom.engine.Ticket;
import io.darkroom.job.ErrorClass;
import io.darkroom.job.RenderRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests a request that fails in its lane, while others are in the same lane or in other lanes. */
class LaneFailuresTest {
  /**
   * Below the first timestep of a render with default timesteps, and above those of the self-test.
   */
  private static final int BOUND = 900;

  private static final EngineLimits LIMITS = new EngineLimits(8, Duration.ofSeconds(30));

  @TempDir Path folder;
  private Path tiny;

  @BeforeEach
  void name() {
    tiny = folder.resolve("tiny");
  }

  private static RenderRequest request(DirectEngine directEngine, int seed, String timesteps) {
    return directEngine.request(
        """
        {"id": "lane-%d", "kind": "generate", "model": "tiny", "seed": %d, "width": 8,
         "height": 8, "scheduler": {"_class_name": "euler"}, %s}
        """
            .formatted(seed, seed, timesteps));
  }

  private static RenderRequest good(DirectEngine directEngine, int seed) {
    return request(directEngine, seed, "\"timesteps\": [800, 500, 200]");
  }

  private static RenderRequest bad(DirectEngine directEngine) {
    return request(directEngine, 9, "\"timesteps\": [950, 500, 200]");
  }

  private static float[] pixels(StageOutcome outcome) {
    assertThat(outcome).isInstanceOf(StageOutcome.Done.class);
    return ((StageOutcome.Done) outcome).pictures().get(0).pixels().values();
  }

  private void onlyTheBadRequestFails(int lanes, ErrorClass kind, String message) throws Exception {
    try (Lanes several = Lanes.of(lanes);
        DirectEngine directEngine =
            new DirectEngine(System::nanoTime, LIMITS, EngineObserver.NONE, several, tiny)) {
      float[] first = pixels(directEngine.render(List.of(good(directEngine, 1))).get(0));
      float[] second = pixels(directEngine.render(List.of(good(directEngine, 2))).get(0));
      List<StageOutcome> together =
          directEngine.render(
              List.of(good(directEngine, 1), bad(directEngine), good(directEngine, 2)));
      assertThat(pixels(together.get(0))).isEqualTo(first);
      assertThat(pixels(together.get(2))).isEqualTo(second);
      assertThat(together.get(1))
          .isInstanceOfSatisfying(
              StageOutcome.Broken.class,
              broken -> {
                assertThat(broken.kind()).isEqualTo(kind);
                assertThat(broken.message()).contains(message);
              });
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void inputsThatOneLaneRefusesFailOnlyTheirRequest(int lanes) throws Exception {
    TinyPackage.write(tiny, TinyPackage.refusingTimestepsFrom(BOUND));
    onlyTheBadRequestFails(
        lanes,
        ErrorClass.MODEL,
        "the network refuses its inputs: the operator Gather does not accept them");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void nanInOneLaneFailsOnlyItsRequest(int lanes) throws Exception {
    TinyPackage.write(tiny, TinyPackage.notANumberFrom(BOUND));
    onlyTheBadRequestFails(lanes, ErrorClass.NUMERIC, "contains NaN or infinity");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void memoryThatOneLaneLacksFailsOnlyTheRequestThatNeedsIt(int lanes) throws Exception {
    TinyPackage.write(tiny, TinyPackage.outOfMemoryAbove(BOUND));
    onlyTheBadRequestFails(lanes, ErrorClass.CAPACITY, "memory");
  }

  /** The process ends, and the requests are rendered by another one. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void aDeviceThatOneLaneLosesStopsAllRequests(int lanes) throws Exception {
    TinyPackage.write(tiny, TinyPackage.losingItsDeviceFrom(BOUND));
    List<Ticket> tickets;
    try (Lanes several = Lanes.of(lanes);
        DirectEngine directEngine =
            new DirectEngine(System::nanoTime, LIMITS, EngineObserver.NONE, several, tiny)) {
      assertThat(directEngine.render(good(directEngine, 1))).hasSize(1);
      tickets =
          Stream.of(good(directEngine, 1), bad(directEngine), good(directEngine, 2))
              .map(each -> directEngine.submit(each, OptionalLong.empty()))
              .toList();
      assertThatThrownBy(directEngine::runIteration)
          .isInstanceOfSatisfying(
              DeviceFailure.class,
              failure -> assertThat(failure.kind()).isEqualTo(DeviceFailure.Kind.LOST));
      assertThat(tickets).noneMatch(ticket -> ticket.outcome().isDone());
    }
    assertThat(tickets)
        .extracting(ticket -> ticket.outcome().join())
        .allSatisfy(
            outcome ->
                assertThat(outcome)
                    .isInstanceOfSatisfying(
                        StageOutcome.Stopped.class,
                        stopped ->
                            assertThat(stopped.reason()).isEqualTo(StageOutcome.Reason.CLOSED)));
  }
}
