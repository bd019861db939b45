package io.darkroom.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.engine.ModelMemory;
import io.darkroom.faults.FaultProxy;
import io.darkroom.job.ErrorClass;
import io.darkroom.job.JobId;
import io.darkroom.job.Manifest;
import io.darkroom.job.Problem;
import io.darkroom.job.RenderOutcome;
import io.darkroom.job.Violation;
import io.darkroom.render.Lease;
import io.darkroom.render.Models;
import io.darkroom.render.ObjectStore.StoreFailure;
import io.darkroom.render.TryLater;
import io.darkroom.render.Unsettled;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests packages that a worker loads when a request names them. */
@Timeout(120)
class OnDemandTest {
  private static final long ROOM = 1 << 30;
  private static final Path EMOJI = Path.of("src/main/models/emoji-32");

  private static final String LABEL = ",'class_label':'earth'";

  @TempDir Path root;
  private OnDemandBench bench;

  @BeforeEach
  void open() throws Exception {
    bench = new OnDemandBench(root, 2, ROOM);
  }

  @AfterEach
  void close() throws Exception {
    bench.close();
  }

  private static Manifest completed(RenderOutcome outcome) {
    assertThat(outcome).isInstanceOf(RenderOutcome.Completed.class);
    return ((RenderOutcome.Completed) outcome).manifest();
  }

  private static Problem rejected(RenderOutcome outcome) {
    assertThat(outcome).isInstanceOf(RenderOutcome.Rejected.class);
    Problem problem = ((RenderOutcome.Rejected) outcome).problem();
    assertThat(problem.kind()).isEqualTo(ErrorClass.MODEL);
    return problem;
  }

  private static String violation(RenderOutcome outcome) {
    Violation only = rejected(outcome).violations().get(0);
    assertThat(only.pointer()).isEqualTo("/model");
    return only.message();
  }

  private static <T> T soon(CompletableFuture<T> future) throws Exception {
    return future.get(60, TimeUnit.SECONDS);
  }

  @Test
  void aPackageIsLoadedWhenARequestNamesIt() throws Exception {
    bench.put("emoji-32", EMOJI);
    assertThat(bench.models.loaded().names()).isEmpty();

    Manifest first = completed(bench.render("one", "emoji-32", ",'class_label':'earth'"));
    completed(bench.render("two", "emoji-32", ",'class_label':'earth'"));

    assertThat(first.outputs()).hasSize(1);
    assertThat(bench.models.loaded().names()).isEqualTo("emoji-32");
    assertThat(bench.registry.get("darkroom.self.test.exact").tag("model", "emoji-32").gauge())
        .satisfies(gauge -> assertThat(gauge.value()).isEqualTo(1));
    assertThat(bench.lines)
        .satisfiesExactly(
            line -> assertThat(line).startsWith("package download begins model=emoji-32 files=5"),
            line -> assertThat(line).startsWith("package downloaded model=emoji-32"));
  }

  @Test
  void requestsShareADownloadAndOtherRequestsContinue() throws Exception {
    bench.put("slow");
    CompletableFuture<Void> hold = new CompletableFuture<>();
    bench.hold(hold);
    var one = bench.begin("one", "slow");
    var two = bench.begin("two", "slow");
    bench.awaitDownload();

    completed(bench.render("other", "first", ""));
    assertThat(violation(bench.render("wrong", "nowhere", ""))).startsWith("must be one of first");
    assertThat(one).isNotDone();
    assertThat(two).isNotDone();
    hold.complete(null);

    completed(soon(one));
    completed(soon(two));
    assertThat(bench.downloads()).isEqualTo(1);
  }

  @Test
  void oneRequestTooManyIsTriedLater() throws Exception {
    bench.put("slow");
    CompletableFuture<Void> hold = new CompletableFuture<>();
    bench.hold(hold);
    List<Models.Demand> waiting =
        IntStream.range(0, OnDemandBench.WAITING)
            .mapToObj(i -> bench.models.demand("slow"))
            .toList();
    for (String name : List.of("slow", "other")) {
      assertThatThrownBy(() -> bench.render("late", name, ""))
          .isInstanceOf(TryLater.class)
          .hasMessage("3 requests wait for models that are being loaded");
    }
    waiting.get(0).close();
    var next = bench.begin("next", "slow");
    hold.complete(null);
    completed(soon(next));
    waiting.subList(1, OnDemandBench.WAITING).forEach(Models.Demand::close);
  }

  @Test
  void wrongNamesCauseOneListing() throws Exception {
    for (int i = 0; i < 50; i++) {
      assertThat(violation(bench.render("r" + i, "wrong-" + i, "")))
          .isEqualTo("must be one of first, is wrong-" + i);
    }
    assertThat(bench.listings).hasValue(1);
    bench.put("wrong-7");
    rejected(bench.render("early", "wrong-7", ""));

    bench.pass(OnDemandBench.AGE);

    completed(bench.render("late", "wrong-7", ""));
    assertThat(bench.listings).hasValue(2);
  }

  @Test
  void aFolderWithoutAModelIsNotAPackage() throws Exception {
    Files.createDirectories(bench.folder("notes"));
    Files.writeString(bench.folder("notes").resolve("readme.txt"), "no model");

    assertThat(violation(bench.render("a", "notes", ""))).contains("is notes");
    assertThat(bench.models.broken()).isEmpty();
  }

  @Test
  void aBrokenPackageRejectsItsRequestsForSomeTime() throws Exception {
    bench.put("sound");
    bench.put("broken");
    Path config = bench.folder("broken").resolve("scheduler/scheduler_config.json");
    byte[] right = Files.readAllBytes(config);
    Files.writeString(config, "{");

    String reason = violation(bench.render("a", "broken", ""));
    assertThat(reason).startsWith("broken: scheduler/scheduler_config.json: ");
    assertThat(violation(bench.render("b", "broken", ""))).isEqualTo(reason);
    assertThat(bench.downloads()).isEqualTo(1);
    assertThat(bench.models.broken()).containsExactly(reason);
    assertThat(bench.lines).contains("model package not served reason=\"" + reason + "\"");
    completed(bench.render("c", "sound", ""));

    Files.write(config, right);
    bench.pass(OnDemandBench.RETRY);
    completed(bench.render("d", "broken", ""));
    assertThat(bench.models.broken()).isEmpty();
  }

  @Test
  void aWrongDigestOfAFileBreaksThePackage() throws Exception {
    bench.put("sums");
    Files.writeString(
        bench.folder("sums").resolve("SHA256SUMS"), "0".repeat(64) + "  unet/model.onnx\n");

    assertThat(violation(bench.render("a", "sums", ""))).startsWith("sums: ").contains("SHA256");
  }

  @Test
  void aPinnedDigestMustBeThatOfThePackage() throws Exception {
    bench.put("pinned");
    String wrong = "f".repeat(64);

    String rule = violation(bench.render("a", "pinned@sha256:" + wrong, ""));
    String right = bench.models.loaded().byName().get("pinned").card().sha256();
    assertThat(rule).isEqualTo("its sha256 must be " + right + " here, is " + wrong);
    completed(bench.render("b", "pinned@sha256:" + right, ""));
  }

  @Test
  void aPackageLoadedAtStartTakesPrecedence() throws Exception {
    bench.put("first", EMOJI);

    completed(bench.render("a", "first", ""));

    assertThat(bench.listings).hasValue(0);
  }

  @Test
  void theEndOfARequestEndsItsWait() throws Exception {
    bench.put("slow");
    CompletableFuture<Void> hold = new CompletableFuture<>();
    bench.hold(hold);
    Loss loss = new Loss();
    var cancelled = bench.begin("cancelled", "slow");
    String soon = ",'deadline':'" + Instant.now().plusSeconds(3) + "'";
    var late = bench.begin("late", "slow", soon, Lease.PERMANENT);
    var lost = bench.begin("lost", "slow", "", loss);
    bench.awaitDownload();
    assertThat(cancelled).isNotDone();

    bench.cancellations.cancel(new JobId("cancelled"), Instant.now());
    loss.lose();

    assertThat(soon(cancelled)).isInstanceOf(RenderOutcome.Cancelled.class);
    assertThatThrownBy(() -> soon(lost)).hasCauseInstanceOf(Lease.Lost.class);
    assertThat(soon(late))
        .isInstanceOfSatisfying(
            RenderOutcome.Failed.class,
            failed -> {
              assertThat(failed.problem().kind()).isEqualTo(ErrorClass.DEADLINE);
              assertThat(failed.problem().message()).contains("while the model was loaded");
            });
    hold.complete(null);
    completed(bench.render("again", "slow", ""));
    assertThat(bench.downloads()).isEqualTo(1);
  }

  /** A lease that is lost to another worker. */
  private static final class Loss implements Lease {
    private final CompletableFuture<Void> lost = new CompletableFuture<>();

    void lose() {
      lost.complete(null);
    }

    @Override
    public boolean lost() {
      return lost.isDone();
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the action completes a future itself
    public void onLost(Runnable action) {
      lost.thenRun(action);
    }
  }

  @Test
  void aStoppingWorkerLeavesTheRequestToOthers() throws Exception {
    bench.put("slow");
    CompletableFuture<Void> hold = new CompletableFuture<>();
    bench.hold(hold);
    var waiting = bench.begin("waiting", "slow");
    bench.awaitDownload();

    bench.models.release();

    assertThatThrownBy(() -> soon(waiting)).hasCauseExactlyInstanceOf(Unsettled.class);
    assertThatThrownBy(() -> bench.render("next", "other", "")).isInstanceOf(Unsettled.class);
    hold.complete(null);
  }

  @Test
  void aStoreThatIsDownFailsNoRequest() throws Exception {
    bench.put("a");
    bench.rule(new FaultProxy.Fault.Reset());
    assertOutage("before the listing");

    bench.rule(FaultProxy.Fault.NONE);
    rejected(bench.render("list", "nowhere", ""));
    bench.rule(new FaultProxy.Fault.Answer(503, "ServiceUnavailable"));
    assertOutage("after it");
    bench.rule(new FaultProxy.Fault.Answer(403, "AccessDenied"));
    assertOutage("refused bucket of packages");
    assertThat(bench.models.broken()).isEmpty();

    bench.rule(FaultProxy.Fault.NONE);
    completed(bench.render("again", "a", ""));
  }

  private void assertOutage(String id) {
    assertThatThrownBy(() -> bench.render(id.replace(' ', '-'), "a", ""))
        .as(id)
        .isInstanceOfSatisfying(
            StoreFailure.class, failure -> assertThat(failure.refused()).isFalse());
  }

  @Test
  void theLeastRecentlyUsedPackageIsUnloadedAndLoadedAgain() throws Exception {
    for (String name : List.of("a", "b", "c")) {
      bench.put(name);
    }
    for (String name : List.of("a", "b", "c")) {
      completed(bench.render("first-" + name, name, ""));
    }
    assertThat(bench.models.loaded().names()).isEqualTo("b, c");
    assertThat(bench.lines).contains("model unloaded model=a");
    assertThat(bench.registry.find("darkroom.self.test.exact").tag("model", "a").gauge()).isNull();
    assertThat(soon(bench.engine.snapshot()).models().keySet())
        .isEqualTo(Set.of("first", "b", "c"));

    completed(bench.render("again-a", "a", ""));
    assertThat(bench.models.loaded().names()).isEqualTo("a, c");
    assertThat(bench.downloads()).as("it was still in the cache").isEqualTo(3);
  }

  @Test
  void aPackageInUseStaysLoaded() throws Exception {
    for (String name : List.of("a", "b", "c")) {
      bench.put(name);
    }
    try (Models.Demand a = bench.models.demand("a");
        Models.Demand b = bench.models.demand("b")) {
      soon(a.answer());
      soon(b.answer());
      completed(bench.render("c", "c", ""));
      assertThat(bench.models.loaded().names()).isEqualTo("a, b, c");
    }
    completed(bench.render("c2", "c", ""));
  }

  @Test
  void aFullCacheMakesRoomForTheNextPackage() throws Exception {
    bench.put("a");
    bench.put("b");
    long bytes = size(bench.folder("a"));
    bench.close();
    bench = new OnDemandBench(Files.createDirectory(root.resolve("second")), 2, bytes * 3 / 2);
    bench.put("a");
    bench.put("b");
    completed(bench.render("a", "a", ""));
    completed(bench.render("b", "b", ""));
    assertThat(bench.models.loaded().names()).isEqualTo("b");

    try (Models.Demand b = bench.models.demand("b")) {
      soon(b.answer());
      assertThatThrownBy(() -> bench.render("a2", "a", ""))
          .isInstanceOf(StoreFailure.class)
          .hasMessageContaining("a: .: does not fit into the cache")
          .hasMessageContaining("packages in use");
    }
    completed(bench.render("a3", "a", ""));
    assertThat(bench.downloads()).isEqualTo(3);
  }

  @Test
  void onlyOneOfTwoPackagesIsOpenIfTheBudgetHasNoRoomForBoth() throws Exception {
    bench.put("a", EMOJI);
    completed(bench.render("measure", "a", LABEL));
    long bytes = soon(bench.engine.snapshot()).models().get("a").bytes();
    assertThat(bytes).isPositive();
    bench.close();
    ModelMemory memory =
        new ModelMemory(OptionalLong.of(bytes * 3 / 2), Set.of("first"), Duration.ZERO);
    bench = new OnDemandBench(Files.createDirectory(root.resolve("second")), 2, ROOM, memory);
    bench.put("a", EMOJI);
    bench.put("b", EMOJI);

    List<String> digests = new ArrayList<>();
    for (String id : List.of("a-1", "b-1", "a-2")) {
      Manifest manifest = completed(bench.render(id, id.substring(0, 1), LABEL));
      digests.add(manifest.outputs().get(0).pixelsSha256());
    }

    assertThat(digests).containsOnly(digests.get(0));
    assertThat(bench.models.loaded().names()).isEqualTo("a, b");
    var models = soon(bench.engine.snapshot()).models();
    assertThat(models.get("a").loads()).as("opened again").isGreaterThan(1);
    assertThat(models.get("b").bytes()).as("closed").isZero();
    assertThat(bench.downloads()).isEqualTo(2);
  }

  private static long size(Path folder) throws Exception {
    try (var files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }
}
