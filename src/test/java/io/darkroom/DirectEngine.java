package io.darkroom;

import io.darkroom.engine.EngineLimits;
import io.darkroom.engine.EngineObserver;
import io.darkroom.engine.EngineSnapshot;
import io.darkroom.engine.LoadedModel;
import io.darkroom.engine.NoiseThreads;
import io.darkroom.engine.RenderEngine;
import io.darkroom.engine.StageInputs;
import io.darkroom.engine.StageJob;
import io.darkroom.engine.StageOutcome;
import io.darkroom.engine.Ticket;
import io.darkroom.engine.Tokenizer;
import io.darkroom.image.PictureReader;
import io.darkroom.image.Pixels;
import io.darkroom.image.UnreadablePicture;
import io.darkroom.job.ImageRef;
import io.darkroom.job.RenderRequest;
import io.darkroom.job.Tier;
import io.darkroom.json.Decoded;
import io.darkroom.json.RequestCodec;
import io.darkroom.model.ConditionPlan;
import io.darkroom.model.DeviceCost;
import io.darkroom.model.ModelCard;
import io.darkroom.model.Shape;
import io.darkroom.model.Tensor;
import io.darkroom.onnx.KnownAnswers;
import io.darkroom.onnx.Lanes;
import io.darkroom.onnx.NetworkSettings;
import io.darkroom.onnx.Opening;
import io.darkroom.onnx.PackageOpener;
import io.darkroom.onnx.PackageReader;
import io.darkroom.plan.Draft;
import io.darkroom.plan.InputFacts;
import io.darkroom.plan.InvalidPlan;
import io.darkroom.plan.Limits;
import io.darkroom.plan.Planner;
import io.darkroom.plan.RenderPlan;
import io.darkroom.plan.Stage;
import io.darkroom.plan.Start;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;

/**
 * Real packages, planner and engine on the calling thread, without broker and store, for tests of
 * pictures.
 */
public final class DirectEngine implements AutoCloseable {
  public static final Path STARTER = Path.of("src/main/models");
  private static final Limits LIMITS = new Limits(1 << 24, 1000, 4096, Long.MAX_VALUE);

  private final Planner planner = new Planner(LIMITS);
  private final RequestCodec codec = new RequestCodec(RequestCodec.DEFAULT_MAX_BYTES);
  private final Map<String, LoadedModel> models = new HashMap<>();
  private final RenderEngine engine;

  /** Loads packages on the calling thread, which must be the one that renders. */
  public DirectEngine(int slots, EngineObserver observer, Path... packages) throws Exception {
    this(System::nanoTime, slots, observer, packages);
  }

  /**
   * Loads packages with fewer rows per call than the default of 8; each number is tested at load.
   */
  public DirectEngine(int slots, int mostRows, EngineObserver observer, Path... packages)
      throws Exception {
    this(
        System::nanoTime,
        new EngineLimits(slots, Duration.ofSeconds(30)),
        observer,
        Lanes.ONE,
        folder -> mostRows,
        packages);
  }

  /** Loads packages, with a clock of the test. */
  public DirectEngine(LongSupplier nanoClock, int slots, EngineObserver observer, Path... packages)
      throws Exception {
    this(nanoClock, new EngineLimits(slots, Duration.ofSeconds(30)), observer, packages);
  }

  /** Loads packages, with other limits. */
  public DirectEngine(
      LongSupplier nanoClock, EngineLimits limits, EngineObserver observer, Path... packages)
      throws Exception {
    this(nanoClock, limits, observer, Lanes.ONE, packages);
  }

  /** Loads packages on lanes, which the caller closes. */
  public DirectEngine(
      LongSupplier nanoClock,
      EngineLimits limits,
      EngineObserver observer,
      Lanes lanes,
      Path... packages)
      throws Exception {
    this(nanoClock, limits, observer, lanes, folder -> rows(limits), packages);
  }

  /**
   * Loads packages on lanes, which the caller closes.
   *
   * @param mostRows maximum rows of a call, by the package's folder
   */
  public DirectEngine(
      LongSupplier nanoClock,
      EngineLimits limits,
      EngineObserver observer,
      Lanes lanes,
      ToIntFunction<Path> mostRows,
      Path... packages)
      throws Exception {
    this.engine = new RenderEngine(nanoClock, limits, observer, NoiseThreads.start());
    for (Path folder : packages) {
      NetworkSettings settings =
          new NetworkSettings(1, mostRows.applyAsInt(folder), Tier.EXACT).on(lanes);
      CompletableFuture<LoadedModel> loaded =
          engine.load(
              new PackageOpener(
                  PackageReader.read(folder),
                  settings,
                  Opening.comparedWith(KnownAnswers.inPackages())));
      engine.runIteration();
      LoadedModel model = loaded.get();
      models.put(model.card().name(), model);
    }
  }

  /**
   * More rows than slots take part in guided renders only; each number of rows is tested at load.
   */
  private static int rows(EngineLimits limits) {
    return Math.max(2, Math.min(limits.slots(), 8));
  }

  /** The card of a package that is loaded, by its folder. */
  public ModelCard card(Path folder) {
    return models.get(folder.getFileName().toString()).card();
  }

  /** A request from its JSON. */
  public RenderRequest request(String json) {
    Decoded decoded = codec.read(json.getBytes(StandardCharsets.UTF_8), "application/json");
    if (decoded instanceof Decoded.Valid valid) {
      return valid.request();
    }
    throw new AssertionError(decoded.toString());
  }

  /** Renders requests together, stage after stage; the outcomes of the last in their order. */
  public List<StageOutcome> render(List<RenderRequest> requests) {
    List<Run> runs = requests.stream().map(each -> start(each, OptionalLong.empty())).toList();
    while (runs.stream().filter(run -> !run.finished()).count() > 0) {
      if (engine.runIteration() == 0) {
        throw new AssertionError("the engine has nothing to do, and not all is done");
      }
    }
    return runs.stream().map(run -> run.ticket.outcome().join()).toList();
  }

  /** A request that is rendered stage after stage. */
  public final class Run {
    private final RenderPlan plan;
    private final OptionalLong deadlineNanos;
    private Ticket ticket;
    private int stage;

    private Run(RenderRequest request, OptionalLong deadlineNanos) {
      plan = plan(request);
      this.deadlineNanos = deadlineNanos;
      ticket = engine.submit(stageJob(plan, model(request), deadlineNanos));
    }

    /** Returns the ticket of the current stage. */
    public Ticket ticket() {
      return ticket;
    }

    /** Returns whether its last stage has ended; otherwise submits the next one if it can begin. */
    public boolean finished() {
      if (!ticket.outcome().isDone() || stage + 1 == plan.stages().size()) {
        return ticket.outcome().isDone();
      }
      if (!(ticket.outcome().join() instanceof StageOutcome.Done done)) {
        return true;
      }
      Stage next = plan.stages().get(++stage);
      boolean samples = next.start().from() == Start.From.LATENTS;
      List<Map<String, Tensor>> handed =
          done.pictures().stream()
              .map(each -> samples ? each.sample() : each.pixels())
              .map(each -> Map.of(next.receivedPointer(), each))
              .toList();
      LoadedModel model = models.get(next.model().name());
      ticket =
          engine.submit(
              stageJob(plan, next, model, Optional.of(StageInputs.ofEach(handed)), deadlineNanos));
      return false;
    }
  }

  /** Hands the first stage of a request to the engine. */
  public Run start(RenderRequest request, OptionalLong deadlineNanos) {
    return new Run(request, deadlineNanos);
  }

  /** Returns the state of the engine. */
  public EngineSnapshot snapshot() {
    CompletableFuture<EngineSnapshot> snapshot = engine.snapshot();
    engine.runIteration();
    return snapshot.join();
  }

  /** Renders one request alone. */
  public List<StageOutcome.Picture> render(RenderRequest request) {
    StageOutcome outcome = render(List.of(request)).get(0);
    if (outcome instanceof StageOutcome.Done done) {
      return done.pictures();
    }
    throw new AssertionError(outcome.toString());
  }

  /** Runs one iteration of the engine and returns the number of rows. */
  public int runIteration() {
    return engine.runIteration();
  }

  /** Hands a request to the engine. */
  public Ticket submit(RenderRequest request, OptionalLong deadlineNanos) {
    return engine.submit(stageJob(plan(request), model(request), deadlineNanos));
  }

  private LoadedModel model(RenderRequest request) {
    return models.get(request.model().name());
  }

  /** Returns the planned first stage of a request. */
  public Stage stage(RenderRequest request) {
    return plan(request).first();
  }

  /** Returns the plan of a request. */
  public RenderPlan plan(RenderRequest request) {
    LoadedModel[] all =
        request.stages().stream()
            .map(stage -> models.get(stage.model().name()))
            .toArray(LoadedModel[]::new);
    ModelCard[] cards = Arrays.stream(all).map(LoadedModel::card).toArray(ModelCard[]::new);
    try {
      return complete(planner.draft(request, cards), request, all);
    } catch (InvalidPlan invalid) {
      throw new AssertionError(invalid.violations().toString(), invalid);
    }
  }

  /** The plan of a request, with the size of the picture that it gives. */
  public static RenderPlan complete(Draft draft, RenderRequest request, LoadedModel... models)
      throws InvalidPlan {
    Map<String, InputFacts> inputs = new HashMap<>();
    pictures(request).forEach((pointer, picture) -> inputs.put(pointer, facts(picture)));
    return draft.complete(
        inputs,
        Arrays.stream(models).map(model -> model.findings().cost()).toArray(DeviceCost[]::new));
  }

  private static InputFacts facts(Tensor picture) {
    return new InputFacts(picture.shape(), 0);
  }

  /** Returns the input of the engine for a plan. */
  public static StageJob stageJob(RenderPlan plan, LoadedModel model) {
    return stageJob(plan, model, OptionalLong.empty());
  }

  private static StageJob stageJob(RenderPlan plan, LoadedModel model, OptionalLong deadlineNanos) {
    return stageJob(plan, plan.first(), model, inputs(plan), deadlineNanos);
  }

  private static StageJob stageJob(
      RenderPlan plan,
      Stage stage,
      LoadedModel model,
      Optional<StageInputs> inputs,
      OptionalLong deadlineNanos) {
    Map<ConditionPlan.Text, Tokenizer.Tokens> texts = new HashMap<>();
    for (ConditionPlan condition : stage.conditions()) {
      condition.texts().forEach(text -> texts.put(text, model.tokens(text)));
    }
    return new StageJob(
        plan.effective().id(),
        stage,
        texts,
        inputs,
        plan.effective().options().priority(),
        deadlineNanos,
        (done, wanted, remaining) -> {});
  }

  private static Optional<StageInputs> inputs(RenderPlan plan) {
    Map<String, Tensor> pictures = pictures(plan.effective());
    pictures.replaceAll(plan.first()::resize);
    return pictures.isEmpty() ? Optional.empty() : Optional.of(StageInputs.of(pictures));
  }

  private static Map<String, Tensor> pictures(RenderRequest request) {
    Map<String, Tensor> pictures = new HashMap<>();
    request.stage().references().forEach((pointer, ref) -> pictures.put(pointer, picture(ref)));
    return pictures;
  }

  private static Tensor picture(ImageRef ref) {
    if (ref instanceof ImageRef.Stored stored) {
      return FileInputs.tensor(stored);
    }
    byte[] file = Base64.getDecoder().decode(((ImageRef.Inline) ref).base64());
    try {
      Pixels pixels = new PictureReader(1 << 20, 1 << 20).read(file);
      return new Tensor(pixels.toTensor(), new Shape(3, pixels.height(), pixels.width()));
    } catch (UnreadablePicture unreadable) {
      throw new AssertionError(unreadable);
    }
  }

  @Override
  public void close() {
    CompletableFuture<Void> closed = engine.close();
    engine.runIteration();
    closed.join();
  }
}
