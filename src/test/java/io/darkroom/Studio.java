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
import io.darkroom.engine.Tokens;
import io.darkroom.image.PictureReader;
import io.darkroom.image.Pixels;
import io.darkroom.image.UnreadablePicture;
import io.darkroom.job.ImageRef;
import io.darkroom.job.RenderRequest;
import io.darkroom.job.Size;
import io.darkroom.job.Tier;
import io.darkroom.json.Decoded;
import io.darkroom.json.RequestCodec;
import io.darkroom.model.Shape;
import io.darkroom.model.Tensor;
import io.darkroom.onnx.KnownAnswers;
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
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/**
 * Real packages, planner and engine on the calling thread, without broker and store: what tests of
 * pictures need.
 */
public final class Studio implements AutoCloseable {
  public static final Path STARTER = Path.of("src/main/models");
  private static final Limits LIMITS = new Limits(1 << 20, 1000, 64, Long.MAX_VALUE);

  private final Planner planner = new Planner(LIMITS);
  private final RequestCodec codec = new RequestCodec(RequestCodec.DEFAULT_MAX_BYTES);
  private final Map<String, LoadedModel> models = new HashMap<>();
  private final RenderEngine engine;

  /** Loads packages on the calling thread, which must be the one that renders. */
  public Studio(int slots, EngineObserver observer, Path... packages) throws Exception {
    this(System::nanoTime, slots, observer, packages);
  }

  /** The same, with a clock of the test's. */
  public Studio(LongSupplier nanoClock, int slots, EngineObserver observer, Path... packages)
      throws Exception {
    this(nanoClock, new EngineLimits(slots, Duration.ofSeconds(30)), observer, packages);
  }

  /** The same, within other limits. */
  public Studio(
      LongSupplier nanoClock, EngineLimits limits, EngineObserver observer, Path... packages)
      throws Exception {
    this.engine = new RenderEngine(nanoClock, limits, observer, NoiseThreads.start());
    NetworkSettings settings = new NetworkSettings(1, 8, Tier.EXACT);
    for (Path folder : packages) {
      CompletableFuture<LoadedModel> loaded =
          engine.load(
              new PackageOpener(
                  PackageReader.read(folder), settings, Opening.heldTo(KnownAnswers.inPackages())));
      engine.tick();
      LoadedModel model = loaded.get();
      models.put(model.card().name(), model);
    }
  }

  /** A request from its JSON. */
  public RenderRequest request(String json) {
    Decoded decoded = codec.read(json.getBytes(StandardCharsets.UTF_8), "application/json");
    if (decoded instanceof Decoded.Valid valid) {
      return valid.request();
    }
    throw new AssertionError(decoded.toString());
  }

  /** Renders requests together; the outcomes in their order. */
  public List<StageOutcome> render(List<RenderRequest> requests) {
    List<Ticket> tickets =
        requests.stream().map(request -> submit(request, OptionalLong.empty())).toList();
    while (!tickets.stream().allMatch(ticket -> ticket.outcome().isDone())) {
      if (engine.tick() == 0) {
        throw new AssertionError("the engine has nothing to do, and not all is done");
      }
    }
    return tickets.stream().map(ticket -> ticket.outcome().join()).toList();
  }

  /** What the engine holds. */
  public EngineSnapshot snapshot() {
    CompletableFuture<EngineSnapshot> snapshot = engine.snapshot();
    engine.tick();
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

  /** One turn of the engine; how much there was to do. */
  public int tick() {
    return engine.tick();
  }

  /** Hands a request to the engine. */
  public Ticket submit(RenderRequest request, OptionalLong deadlineNanos) {
    LoadedModel model = models.get(request.model().name());
    try {
      Draft draft = planner.draft(request, model.card());
      RenderPlan plan = complete(draft, request, model);
      return engine.submit(stageJob(plan, model, deadlineNanos));
    } catch (InvalidPlan invalid) {
      throw new AssertionError(invalid.violations().toString(), invalid);
    }
  }

  /** The plan of a request, with the size of the picture that it gives. */
  public static RenderPlan complete(Draft draft, RenderRequest request, LoadedModel model)
      throws InvalidPlan {
    Map<String, InputFacts> inputs = new HashMap<>();
    pictures(request).forEach((pointer, picture) -> inputs.put(pointer, facts(picture)));
    return draft.complete(inputs, model.findings().cost());
  }

  private static InputFacts facts(Tensor picture) {
    return new InputFacts(new Size(picture.shape().width(), picture.shape().height()), 0);
  }

  /** What the engine is given for a plan. */
  public static StageJob stageJob(RenderPlan plan, LoadedModel model) {
    return stageJob(plan, model, OptionalLong.empty());
  }

  private static StageJob stageJob(RenderPlan plan, LoadedModel model, OptionalLong deadlineNanos) {
    List<Tokens> texts =
        plan.stage().conditions().stream()
            .flatMap(condition -> condition.texts().stream())
            .map(text -> model.tokenizer().orElseThrow().encode(text.value()))
            .toList();
    return new StageJob(
        plan.effective().id(),
        plan.stage(),
        texts,
        inputs(plan),
        plan.effective().options().priority(),
        deadlineNanos,
        (done, wanted, remaining) -> {});
  }

  private static Optional<StageInputs> inputs(RenderPlan plan) {
    Map<String, Tensor> pictures = pictures(plan.effective());
    pictures.replaceAll(plan.stage()::taken);
    return pictures.isEmpty() ? Optional.empty() : Optional.of(StageInputs.of(pictures));
  }

  private static Map<String, Tensor> pictures(RenderRequest request) {
    Map<String, Tensor> pictures = new HashMap<>();
    request.stage().references().forEach((pointer, ref) -> pictures.put(pointer, picture(ref)));
    return pictures;
  }

  private static Tensor picture(ImageRef ref) {
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
    engine.tick();
    closed.join();
  }
}
