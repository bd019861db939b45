package io.darkroom.render;

import io.darkroom.engine.LoadedModel;
import io.darkroom.engine.RenderEngine;
import io.darkroom.job.ErrorClass;
import io.darkroom.job.Fingerprint;
import io.darkroom.job.ImageRef;
import io.darkroom.job.JobId;
import io.darkroom.job.Manifest;
import io.darkroom.job.Problem;
import io.darkroom.job.RenderOutcome;
import io.darkroom.job.RenderRequest;
import io.darkroom.job.Size;
import io.darkroom.json.Decoded;
import io.darkroom.json.RequestCodec;
import io.darkroom.plan.InvalidPlan;
import io.darkroom.plan.Planner;
import io.darkroom.plan.RenderPlan;
import io.darkroom.plan.Stage;
import io.darkroom.plan.Start;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The product, top to bottom: bytes in, pictures and a manifest in the store, an outcome out.
 * {@link #settle} blocks and is called by as many threads as there are jobs in flight.
 *
 * <p>The order of checks: readable, valid, allowed prefix, done already, withdrawn, past its
 * deadline, model served, plannable, headers of the inputs, room for them, inputs. The manifest is
 * the commit: written last, once. Where the store fails then, the finished pictures are kept and
 * stored again, so that nothing is rendered twice.
 */
public final class RenderPipeline implements Intake {
  private static final System.Logger LOG = System.getLogger(RenderPipeline.class.getName());

  private final RequestCodec codec;
  private final Planner planner;
  private final ServedModels models;
  private final Cancellations cancellations;
  private final RenderSettings settings;
  private final Clock clock;
  private final LongSupplier nanoClock;
  private final RunningRequests running = new RunningRequests();
  private final Manifests manifests;
  private final InputReader inputs;
  private final OutputWriter outputs;
  private final Retry storeRetry;
  private final Denoising denoising;

  /** What the way of a job leads through. */
  public record Stations(
      RequestCodec codec,
      Planner planner,
      RenderEngine engine,
      ServedModels models,
      ObjectStore store,
      ProgressSink progress,
      PreviewObserver previews,
      Cancellations cancellations) {}

  /**
   * @param clock tells the time of day
   * @param nanoClock the engine's own
   */
  public RenderPipeline(
      Stations stations, RenderSettings settings, Clock clock, LongSupplier nanoClock) {
    this.codec = stations.codec();
    this.planner = stations.planner();
    this.models = stations.models();
    this.cancellations = stations.cancellations();
    this.settings = settings;
    this.clock = clock;
    this.nanoClock = nanoClock;
    this.manifests = new Manifests(stations.store());
    this.inputs = new InputReader(stations.store(), settings);
    this.outputs = new OutputWriter(stations.store());
    this.storeRetry = new Retry(settings.retries(), RenderPipeline::mayComeBack);
    this.denoising = new Denoising(stations, inputs, settings, clock, nanoClock);
  }

  @Override
  public Settlement settle(Delivery delivery) {
    Phases phases = new Phases(delivery, nanoClock, clock.instant());
    try {
      Decoded decoded = codec.read(delivery.body().array(), delivery.contentType());
      RenderOutcome outcome = outcome(delivery, decoded, phases);
      Optional<RenderRequest> request =
          decoded instanceof Decoded.Valid valid ? Optional.of(valid.request()) : Optional.empty();
      boolean deadLetter = outcome instanceof RenderOutcome.Rejected;
      return new Settlement(outcome, deadLetter, phases.account(request));
    } catch (ObjectStore.StoreFailure | Lease.Lost unsettled) {
      throw unsettled;
    } catch (RuntimeException | StackOverflowError fault) {
      // Bytes that no worker can read must not hold a place in each of them.
      LOG.log(Level.ERROR, "internal error source=" + delivery.source(), fault);
      RenderOutcome rejected = new RenderOutcome.Rejected(delivery.source(), "", Problem.fault());
      return new Settlement(rejected, true, phases.account(Optional.empty()));
    }
  }

  private RenderOutcome outcome(Delivery delivery, Decoded decoded, Phases phases) {
    if (decoded instanceof Decoded.Unreadable unreadable) {
      Problem problem = Problem.of(ErrorClass.INVALID, unreadable.reason());
      return new RenderOutcome.Rejected(delivery.source(), "", problem);
    }
    if (decoded instanceof Decoded.Invalid invalid) {
      return rejected(delivery, invalid);
    }
    return accepted((Decoded.Valid) decoded, phases);
  }

  private static RenderOutcome rejected(Delivery delivery, Decoded.Invalid invalid) {
    String message = Ended.count(invalid.violations());
    Problem problem = new Problem(ErrorClass.INVALID, message, invalid.violations());
    String subject = invalid.id().map(JobId::value).orElse(delivery.source());
    return new RenderOutcome.Rejected(subject, invalid.sha256(), problem);
  }

  private RenderOutcome accepted(Decoded.Valid valid, Phases phases) {
    String id = valid.request().id().value();
    try {
      return way(valid, phases);
    } catch (Ended ended) {
      checkLease(phases.delivery());
      return committedMeanwhile(valid).orElseGet(() -> ended.outcome(id, valid.sha256()));
    } catch (ObjectStore.StoreFailure failure) {
      if (!failure.refused()) {
        throw failure;
      }
      Problem problem = Problem.of(ErrorClass.STORAGE, String.valueOf(failure.getMessage()));
      return new RenderOutcome.Failed(id, valid.sha256(), problem);
    } catch (Lease.Lost lost) {
      throw lost;
    } catch (RuntimeException | StackOverflowError fault) {
      // The top of a job: a fault that it meets every time must not hold its place, nor come back.
      LOG.log(Level.ERROR, "internal error job=" + id, fault);
      return new RenderOutcome.Failed(id, valid.sha256(), Problem.fault());
    }
  }

  private static void checkLease(Delivery delivery) {
    if (delivery.lease().lost()) {
      throw new Lease.Lost(delivery.source());
    }
  }

  /**
   * Where another worker has committed the request since it was looked for, that is its outcome:
   * completed and cancelled would contradict each other.
   */
  private Optional<RenderOutcome> committedMeanwhile(Decoded.Valid valid) {
    if (valid.request().handling().always()) {
      return Optional.empty();
    }
    try {
      ObjectUri folder = Prefixes.folder(valid.request(), settings);
      return manifests
          .find(folder, valid.sha256())
          .map(manifest -> new RenderOutcome.Completed(manifest, true));
    } catch (Ended noneOfThisRequest) {
      return Optional.empty();
    }
  }

  @SuppressWarnings("try") // the stay is for its effect alone
  private RenderOutcome way(Decoded.Valid valid, Phases phases) throws Ended {
    RenderRequest request = valid.request();
    ObjectUri folder = Prefixes.folder(request, settings);
    try (RunningRequests.Stay stay = running.enter(folder)) {
      checkLease(phases.delivery());
      return settled(valid, folder, phases);
    }
  }

  private RenderOutcome settled(Decoded.Valid valid, ObjectUri folder, Phases phases) throws Ended {
    RenderRequest request = valid.request();
    Optional<Manifest> done = manifests.find(folder, valid.sha256());
    if (done.isPresent() && !request.handling().always()) {
      return new RenderOutcome.Completed(done.get(), true);
    }
    if (cancellations.contains(request.id())) {
      throw Ended.cancelled(0);
    }
    Prepared prepared = prepare(request);
    phases.prepared();
    Place place = new Place(folder, phases);
    Manifest manifest = rendered(valid, prepared, place);
    return storeRetry.call(() -> manifests.commit(folder, manifest));
  }

  /** Where a job's objects go, and when it got how far. */
  private record Place(ObjectUri folder, Phases phases) {}

  private Prepared prepare(RenderRequest request) throws Ended {
    if (passed(request)) {
      throw Ended.failed(ErrorClass.DEADLINE, "the deadline passed before the render started");
    }
    LoadedModel model = Serving.model(models, request.model());
    RenderPlan plan = plan(request, model);
    if (request instanceof RenderRequest.Upscale upscale) {
      InputReader.Announced input =
          inputs.announced(upscale.image(), "/image", planner.mostBasePixels(plan));
      checkSize(plan, input.start(), model);
      return Prepared.of(plan, model, input);
    }
    Size base = ((RenderRequest.Generate) plan.effective()).size().orElseThrow();
    Prompting prompting = Prompting.of(plan.stages().get(0).condition(), model.tokenizer());
    return new Prepared(plan, model, base, Optional.empty(), prompting);
  }

  /** What was read is named by address and digest: an inline picture is not repeated. */
  private static RenderPlan recorded(RenderPlan plan, Optional<Manifest.InputFile> read) {
    if (read.isEmpty()) {
      return plan;
    }
    Manifest.InputFile file = read.get();
    RenderRequest.Upscale upscale = (RenderRequest.Upscale) plan.effective();
    ImageRef stored = new ImageRef.Stored(file.uri(), Optional.of(file.sha256()));
    return new RenderPlan(upscale.withImage(stored), plan.stages(), plan.steps(), plan.warnings());
  }

  private static boolean mayComeBack(RuntimeException failure) {
    return failure instanceof ObjectStore.StoreFailure store && !store.refused();
  }

  private boolean passed(RenderRequest request) {
    Optional<Instant> deadline = request.handling().deadline();
    return deadline.isPresent() && clock.instant().isAfter(deadline.get());
  }

  private RenderPlan plan(RenderRequest request, LoadedModel model) throws Ended {
    try {
      return planner.plan(request, model.card(), model.findings().facts());
    } catch (InvalidPlan invalid) {
      throw Ended.unplannable(invalid);
    }
  }

  private void checkSize(RenderPlan plan, Start start, LoadedModel model) throws Ended {
    try {
      planner.check(plan, start, model.findings().facts());
    } catch (InvalidPlan tooLarge) {
      throw Ended.tooLargeInput(tooLarge);
    }
  }

  private Manifest rendered(Decoded.Valid valid, Prepared prepared, Place place) throws Ended {
    Phases phases = place.phases();
    try (Rendered rendered = denoising.render(prepared, place.folder(), phases.delivery())) {
      phases.rendered(rendered.spent());
      return stored(valid, prepared, rendered, place);
    }
  }

  private Manifest stored(Decoded.Valid valid, Prepared prepared, Rendered rendered, Place place)
      throws Ended {
    RenderPlan plan = recorded(prepared.plan(), rendered.input());
    RenderRequest effective = plan.effective();
    Stage stage = plan.stages().get(0);
    Fingerprint fingerprint = fingerprint(prepared, effective);
    PictureEncoder encoder = new PictureEncoder(plan, fingerprint, settings.pngLevel());
    List<OutputWriter.EncodedPicture> encoded = encoder.encode(rendered, stage.images());
    place.phases().encoded();
    List<Manifest.OutputFile> files =
        storeRetry.call(
            () -> {
              keepInput(prepared, rendered);
              return outputs.write(place.folder(), encoded, stage.images(), effective.output());
            });
    place.phases().uploaded();
    return new Manifest(
        effective.id().value(),
        valid.sha256(),
        RequestCodec.tree(effective),
        files,
        rendered.input().stream().toList(),
        fingerprint,
        place.phases().timings(),
        plan.steps(),
        rendered.evaluations(),
        1,
        prepared.warnings(),
        effective.handling().metadata());
  }

  private void keepInput(Prepared prepared, Rendered rendered) throws Ended {
    if (prepared.input().isPresent() && rendered.input().isPresent()) {
      inputs.keep(prepared.input().get().ref(), rendered.input().get());
    }
  }

  private Fingerprint fingerprint(Prepared prepared, RenderRequest effective) {
    return new Fingerprint(
        prepared.model().card().sha256(),
        prepared.model().card().components(),
        prepared.model().card().schedulerSha256(),
        effective.draws().generator(),
        prepared.model().device(),
        settings.workerVersion());
  }
}
