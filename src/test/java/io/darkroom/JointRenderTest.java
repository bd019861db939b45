package io.darkroom;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.darkroom.engine.EngineLimits;
import io.darkroom.engine.StageOutcome;
import io.darkroom.job.ErrorClass;
import io.darkroom.job.RenderRequest;
import io.darkroom.onnx.Lanes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * Tests that an image does not depend on other requests in the same calls of the network, or on the
 * number of lanes that compute the calls. The requests are random, by a seed that is reported; in
 * CI the seed is fixed.
 */
class JointRenderTest {
  private static final long CI_SEED = 1;
  private static final int REQUESTS = 200;

  /** Every so many requests, one is of the next kind of model. */
  private static final int EVERY_KIND = 4;

  private static final int MOST_STEPS = 3;

  /** Lanes, and how many orders they render. */
  private static final Map<Integer, Integer> ORDERS_OF_LANES =
      new TreeMap<>(Map.of(1, 1, 2, 2, 4, 2));

  private static final int ORDERS = 5;
  private static final int SLOTS = 24;
  private static final List<String> STARTERS = List.of("emoji-32", "emoji-64", "emoji-sr4");
  private static final long TURN_NANOS = 1_000_000;

  private final List<Call> calls = new ArrayList<>();
  private final AtomicLong clock = new AtomicLong();
  private final int[] ends = new int[3];
  private EveryKind everyKind;
  private EveryTensor everyTensor;

  private record Call(int rows, int jobs, int samplers) {}

  /** A running request that may be cancelled at some iteration. */
  private record StartedRun(int request, DirectEngine.Run run, long cancelledAt) {}

  @Property(tries = 1, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
  void randomRequestsGiveTheSamePicturesTogetherAndAlone(@ForAll long seed) throws Exception {
    Random random = new Random(System.getenv("CI") == null ? seed : CI_SEED);
    Path folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "joint-");
    everyKind = new EveryKind(folder);
    everyTensor = new EveryTensor(folder);
    List<RenderRequest> requests = new ArrayList<>();
    List<StageOutcome> alone = new ArrayList<>();
    for (Map.Entry<Integer, Integer> each : ORDERS_OF_LANES.entrySet()) {
      try (Lanes lanes = Lanes.of(each.getKey());
          DirectEngine directEngine = directEngine(lanes)) {
        if (alone.isEmpty()) {
          requests.addAll(requests(directEngine, random));
          requests.forEach(request -> alone.add(directEngine.render(List.of(request)).get(0)));
          assertThat(alone).hasOnlyElementsOfType(StageOutcome.Done.class);
          calls.clear();
        }
        for (int order = 0; order < each.getValue(); order++) {
          runTogether(directEngine, requests, random)
              .forEach(started -> check(started, alone.get(started.request)));
        }
      }
    }
    assertThat(ends[0]).as("finished").isGreaterThan(ORDERS * REQUESTS / 2);
    assertThat(ends[1]).as("cancelled").isPositive();
    assertThat(ends[2]).as("too late").isPositive();
    assertThat(calls.stream().mapToInt(Call::rows).average().orElse(0)).isGreaterThan(2.5);
    assertThat(calls).filteredOn(call -> call.jobs > 2 && call.samplers > 2).hasSizeGreaterThan(99);
  }

  private DirectEngine directEngine(Lanes lanes) throws Exception {
    return new DirectEngine(
        clock::get,
        new EngineLimits(SLOTS, Duration.ofSeconds(30)),
        (model, call) -> calls.add(new Call(call.rows(), call.jobs(), call.samplers())),
        lanes,
        JointRenderTest::mostRows,
        Stream.of(
                STARTERS.stream().map(DirectEngine.STARTER::resolve),
                everyKind.packages().stream(),
                everyTensor.packages().stream())
            .flatMap(each -> each)
            .toArray(Path[]::new));
  }

  /** Each number of rows is tested at load, and there are many packages. */
  private static int mostRows(Path folder) {
    return STARTERS.contains(folder.getFileName().toString()) ? 8 : 4;
  }

  private List<RenderRequest> requests(DirectEngine directEngine, Random random) {
    int kinds = everyKind.count() + everyTensor.count();
    assertThat(kinds).isBetween(44, REQUESTS / EVERY_KIND);
    RandomRequests mixed = new RandomRequests(random);
    List<RenderRequest> requests = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      boolean next = i % EVERY_KIND == 0 && i / EVERY_KIND < kinds;
      requests.add(directEngine.request(next ? ofKind(i / EVERY_KIND, random) : mixed.next(i)));
    }
    return requests;
  }

  /** Returns a request of a kind, with few steps. */
  private String ofKind(int kind, Random random) {
    ObjectNode request =
        kind < everyKind.count()
            ? everyKind.request(kind, random)
            : everyTensor.request(kind - everyKind.count(), random);
    request.put("id", "kind-" + kind);
    if (request.path("num_inference_steps").asInt() > MOST_STEPS && !request.has("strength")) {
      request.put("num_inference_steps", MOST_STEPS);
    }
    return request.toString();
  }

  /** All requests once, in some order, some of them at the same time. */
  private List<StartedRun> runTogether(
      DirectEngine directEngine, List<RenderRequest> requests, Random random) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < requests.size(); i++) {
      order.add(i);
    }
    Collections.shuffle(order, random);
    List<StartedRun> runs = new ArrayList<>();
    boolean busy = true;
    while (busy || runs.size() < order.size()) {
      for (int i = random.nextInt(3); i > 0 && runs.size() < order.size(); i--) {
        int next = order.get(runs.size());
        runs.add(start(directEngine, requests.get(next), next, random));
      }
      for (StartedRun started : runs) {
        if (clock.get() >= started.cancelledAt) {
          started.run.ticket().cancel();
        }
      }
      directEngine.runIteration();
      busy = runs.stream().filter(started -> !started.run.finished()).count() > 0;
      clock.addAndGet(TURN_NANOS);
    }
    return runs;
  }

  private StartedRun start(
      DirectEngine directEngine, RenderRequest request, int number, Random random) {
    long later = clock.get() + (1 + random.nextInt(60)) * TURN_NANOS;
    boolean cancelled = random.nextInt(10) == 0;
    boolean hurried = random.nextInt(10) == 0;
    DirectEngine.Run run =
        directEngine.start(request, hurried ? OptionalLong.of(later) : OptionalLong.empty());
    return new StartedRun(number, run, cancelled ? later : Long.MAX_VALUE);
  }

  private void check(StartedRun started, StageOutcome alone) {
    assertThat(started.run.ticket().outcome()).isDone();
    StageOutcome together = started.run.ticket().outcome().join();
    if (together instanceof StageOutcome.Done done) {
      ends[0]++;
      same(started.request, done.pictures(), ((StageOutcome.Done) alone).pictures());
      assertThat(done.evaluations()).isEqualTo(alone.evaluations());
    } else if (together instanceof StageOutcome.Broken broken) {
      ends[2]++;
      assertThat(broken.kind()).isEqualTo(ErrorClass.DEADLINE);
    } else {
      ends[1]++;
    }
  }

  private static void same(
      int request, List<StageOutcome.Picture> together, List<StageOutcome.Picture> alone) {
    assertThat(together).hasSameSizeAs(alone);
    for (int i = 0; i < alone.size(); i++) {
      float[] withOthers = together.get(i).pixels().values();
      float[] solo = alone.get(i).pixels().values();
      assertThat(withOthers).as("request %s, image %s", request, i).isEqualTo(solo);
      assertThat(together.get(i).sample().values()).isEqualTo(alone.get(i).sample().values());
    }
  }
}
