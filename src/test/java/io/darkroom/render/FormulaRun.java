package io.darkroom.render;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.darkroom.engine.EngineLimits;
import io.darkroom.engine.FormulaNetworks;
import io.darkroom.engine.LoadedModel;
import io.darkroom.engine.RenderEngine;
import io.darkroom.engine.StageJob;
import io.darkroom.engine.StageOutcome;
import io.darkroom.engine.Ticket;
import io.darkroom.json.Decoded;
import io.darkroom.json.RequestCodec;
import io.darkroom.plan.InvalidPlan;
import io.darkroom.plan.Limits;
import io.darkroom.plan.Planner;
import io.darkroom.plan.RenderPlan;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * Runs jobs of a formula model, with their progress and previews, on the calling thread and with a
 * clock that calls of the network advance.
 */
final class FormulaRun {
  static final ObjectUri FOLDER = ObjectUri.parse("s3://pictures/renders/job/");
  private static final Limits LIMITS = new Limits(1 << 20, 1000, 64, Long.MAX_VALUE);

  private final Planner planner = new Planner(LIMITS);
  private final RequestCodec codec = new RequestCodec(1 << 20);
  private final List<Said> said = new ArrayList<>();
  private final Map<JobEvent.PreviewFate, Integer> fates =
      new EnumMap<>(JobEvent.PreviewFate.class);
  private final RenderEngine engine;
  private final LoadedModel model;
  private final Previewer previewer;
  private final JobEvents events = new JobEvents(List.of(this::happened), Runnable::run);
  private long now;

  /** A reported event and its time. */
  record Said(long nanos, boolean started, Progress progress) {}

  /**
   * @param callNanos duration of each call
   * @param previews runs the work of previews
   */
  FormulaRun(LongSupplier callNanos, ObjectStore store, Executor previews) {
    engine =
        new RenderEngine(
            () -> now,
            new EngineLimits(4, Duration.ofSeconds(30)),
            (name, call) -> now += callNanos.getAsLong(),
            Runnable::run);
    CompletableFuture<LoadedModel> loaded = engine.load(() -> new FormulaNetworks("formula", 1));
    engine.runIteration();
    model = loaded.join();
    previewer = new Previewer(store, 1, events, previews);
  }

  /** One whose previews are stored at once. */
  static FormulaRun prompt(LongSupplier callNanos, ObjectStore store) {
    return new FormulaRun(callNanos, store, Runnable::run);
  }

  List<Said> said() {
    return said;
  }

  /** The progress that a preview came with. */
  List<Progress> shown() {
    return said.stream()
        .map(Said::progress)
        .filter(progress -> progress.preview().isPresent())
        .toList();
  }

  /** Number of previews by outcome. */
  Map<JobEvent.PreviewFate, Integer> fates() {
    return fates;
  }

  /** Renders one request, its fields in JSON with single quotes. */
  StageOutcome.Done render(String fields) {
    return render(fields, () -> {});
  }

  /** Renders a request that is overtaken after its first call by one of higher priority. */
  StageOutcome.Done render(String fields, String overtaking) {
    RenderPlan plan = plan(overtaking);
    StageJob.ProgressListener silent = (done, wanted, remaining) -> {};
    return render(fields, () -> engine.submit(job(plan, 9, silent)));
  }

  private StageOutcome.Done render(String fields, Runnable afterFirstCall) {
    RenderPlan plan = plan(fields);
    Optional<JobPreviews> previews = previewer.of(plan, 0, model, FOLDER);
    ThrottledProgress listener =
        new ThrottledProgress("job", previews, delivery(), events, Clock.systemUTC(), () -> now);
    Ticket ticket = engine.submit(job(plan, 5, listener));
    engine.runIteration();
    afterFirstCall.run();
    while (!ticket.outcome().isDone()) {
      if (engine.runIteration() == 0) {
        throw new AssertionError("the engine has nothing to do, and not all is done");
      }
    }
    previews.ifPresent(JobPreviews::close);
    return (StageOutcome.Done) ticket.outcome().join();
  }

  private RenderPlan plan(String fields) {
    String json = "{'id':'job','kind':'generate','model':'formula','class_label':1," + fields + "}";
    Decoded decoded = codec.read(json.replace('\'', '"').getBytes(UTF_8), "application/json");
    try {
      return planner.plan(((Decoded.Valid) decoded).request(), model.card());
    } catch (InvalidPlan invalid) {
      throw new AssertionError(invalid.violations().toString(), invalid);
    }
  }

  private static Delivery delivery() {
    return TestWorker.delivery("{}");
  }

  private static StageJob job(RenderPlan plan, int priority, StageJob.ProgressListener listener) {
    return new StageJob(
        plan.effective().id(),
        plan.first(),
        Map.of(),
        Optional.empty(),
        priority,
        OptionalLong.empty(),
        listener);
  }

  private void happened(JobEvent event) {
    if (event instanceof JobEvent.Started started) {
      said.add(new Said(now, true, started.progress()));
    } else if (event instanceof JobEvent.Progressed progressed) {
      said.add(new Said(now, false, progressed.progress()));
    } else if (event instanceof JobEvent.Previewed previewed) {
      fates.merge(previewed.fate(), 1, Integer::sum);
    }
  }
}
