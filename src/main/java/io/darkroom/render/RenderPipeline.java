package io.darkroom.render;

import io.darkroom.engine.RenderEngine;
import io.darkroom.job.ErrorClass;
import io.darkroom.job.JobId;
import io.darkroom.job.Manifest;
import io.darkroom.job.Problem;
import io.darkroom.job.RenderOutcome;
import io.darkroom.job.RenderRequest;
import io.darkroom.json.Decoded;
import io.darkroom.json.RequestCodec;
import io.darkroom.plan.Planner;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Processes a request from its bytes to its outcome, and stores its images and manifest. {@link
 * #settle} blocks and is called by as many threads as there are requests in flight.
 *
 * <p>The checks have this order: the bytes are readable, the request is valid, its prefix is
 * allowed, it was not completed before, it is not cancelled, its deadline has not passed, its
 * models are loaded, it can be planned, its inputs have valid headers, there is memory for the
 * inputs, the inputs are readable. The manifest is the commit. It is written once, after all other
 * objects. If the store fails, the finished pictures are kept and stored again later, so nothing is
 * rendered twice.
 */
public final class RenderPipeline implements Intake {
  private static final System.Logger LOG = System.getLogger(RenderPipeline.class.getName());

  private final RequestCodec codec;
  private final Cancellations cancellations;
  private final RenderSettings settings;
  private final Clock clock;
  private final LongSupplier nanoClock;
  private final RunningRequests running = new RunningRequests();
  private final ObjectStore store;
  private final Manifests manifests;
  private final ModelFinder finder;
  private final Preparation preparation;
  private final Denoising denoising;
  private final ResultStore results;
  private final JobEvents events;

  /**
   * Creates a pipeline.
   *
   * @param models the models that requests may name; a request waits for one that is being loaded
   * @param store for inputs, previews and checkpoints
   * @param outputs the same store, for outputs and manifests, possibly with a spool
   * @param clock time of day
   * @param nanoClock the clock of the engine
   */
  public RenderPipeline(
      RequestCodec codec,
      Planner planner,
      RenderEngine engine,
      Models models,
      ObjectStore store,
      ObjectStore outputs,
      List<JobListener> listeners,
      Cancellations cancellations,
      RenderSettings settings,
      Clock clock,
      LongSupplier nanoClock) {
    this.codec = codec;
    this.cancellations = cancellations;
    this.settings = settings;
    this.clock = clock;
    this.nanoClock = nanoClock;
    this.events = new JobEvents(listeners);
    this.store = store;
    this.manifests = new Manifests(outputs);
    InputReader inputs = new InputReader(store, settings);
    Previewer previewer = new Previewer(store, settings.pngLevel(), events);
    this.finder = new ModelFinder(models, cancellations, clock);
    this.preparation = new Preparation(planner, inputs);
    this.results = new ResultStore(outputs, manifests, settings);
    Tenants tenants = new Tenants(settings.tenantWeights());
    this.denoising =
        new Denoising(engine, inputs, cancellations, events, previewer, tenants, clock, nanoClock);
  }

  @Override
  public Settlement settle(Delivery delivery) {
    return announce(delivery, process(delivery));
  }

  private Settlement announce(Delivery delivery, Settlement settlement) {
    events.settled(new JobEvent.Settled(delivery, settlement));
    return settlement;
  }

  private Settlement process(Delivery delivery) {
    Phases phases = new Phases(delivery, nanoClock, clock.instant());
    try {
      Decoded decoded = codec.read(delivery.body().array(), delivery.headers());
      RenderOutcome outcome = processDecoded(delivery, decoded, phases);
      Optional<RenderRequest> request =
          decoded instanceof Decoded.Valid valid ? Optional.of(valid.request()) : Optional.empty();
      boolean deadLetter = outcome instanceof RenderOutcome.Rejected;
      return new Settlement(outcome, deadLetter, phases.account(request));
    } catch (ObjectStore.StoreFailure | Unsettled | TryLater unsettled) {
      throw unsettled;
    } catch (RuntimeException | StackOverflowError fault) {
      // A record that no worker can process must not be redelivered again and again.
      LOG.log(Level.ERROR, "internal error source=" + delivery.source(), fault);
      RenderOutcome rejected = new RenderOutcome.Rejected(delivery.source(), "", Problem.fault());
      return new Settlement(rejected, true, phases.account(Optional.empty()));
    }
  }

  @Override
  public Settlement giveUp(Delivery delivery, Problem problem) {
    Phases phases = new Phases(delivery, nanoClock, clock.instant());
    Decoded decoded = codec.read(delivery.body().array(), delivery.headers());
    if (!(decoded instanceof Decoded.Valid valid)) {
      return settle(delivery);
    }
    RenderOutcome outcome =
        committed(valid)
            .orElseGet(
                () ->
                    new RenderOutcome.Failed(
                        valid.request().id().value(), valid.sha256(), problem));
    boolean deadLetter = outcome instanceof RenderOutcome.Failed;
    return announce(
        delivery,
        new Settlement(outcome, deadLetter, phases.account(Optional.of(valid.request()))));
  }

  /**
   * Returns the committed outcome, if there is one. If the store cannot be read, returns empty,
   * because a failing store may be the reason for giving up.
   */
  private Optional<RenderOutcome> committed(Decoded.Valid valid) {
    try {
      return findCommitted(valid);
    } catch (ObjectStore.StoreFailure unknown) {
      LOG.log(Level.DEBUG, "manifest not looked for", unknown);
      return Optional.empty();
    }
  }

  private RenderOutcome processDecoded(Delivery delivery, Decoded decoded, Phases phases) {
    if (decoded instanceof Decoded.Unreadable unreadable) {
      Problem problem = Problem.of(ErrorClass.INVALID, unreadable.reason());
      return new RenderOutcome.Rejected(delivery.source(), "", problem);
    }
    if (decoded instanceof Decoded.Invalid invalid) {
      return reject(delivery, invalid);
    }
    return tryRender((Decoded.Valid) decoded, phases);
  }

  private static RenderOutcome reject(Delivery delivery, Decoded.Invalid invalid) {
    String message = RenderFailure.count(invalid.violations());
    Problem problem = new Problem(ErrorClass.INVALID, message, invalid.violations());
    String subject = invalid.id().map(JobId::value).orElse(delivery.source());
    return new RenderOutcome.Rejected(subject, invalid.sha256(), problem);
  }

  private RenderOutcome tryRender(Decoded.Valid valid, Phases phases) {
    String id = valid.request().id().value();
    try {
      return renderOnce(valid, phases);
    } catch (RenderFailure ended) {
      checkLease(phases.delivery());
      return findCommitted(valid).orElseGet(() -> ended.outcome(id, valid.sha256()));
    } catch (ObjectStore.StoreFailure failure) {
      if (!failure.refused() || inDefaultBucket(valid.request())) {
        throw failure;
      }
      Problem problem = Problem.of(ErrorClass.STORAGE, String.valueOf(failure.getMessage()));
      return new RenderOutcome.Failed(id, valid.sha256(), problem);
    } catch (Unsettled | TryLater undecided) {
      throw undecided;
    } catch (RuntimeException | StackOverflowError fault) {
      // Outermost handler of a job. A programming error must not cause endless redelivery.
      LOG.log(Level.ERROR, "internal error job=" + id, fault);
      return new RenderOutcome.Failed(id, valid.sha256(), Problem.fault());
    }
  }

  /**
   * Returns whether the results go to the bucket of the default prefix. A refusal by that bucket
   * may affect all requests, so it does not end a request.
   */
  private boolean inDefaultBucket(RenderRequest request) {
    String own = settings.defaultPrefix().bucket();
    return request.output().prefix().map(ObjectUri::parse).map(ObjectUri::bucket).stream()
        .allMatch(own::equals);
  }

  private static void checkLease(Delivery delivery) {
    if (delivery.lease().lost()) {
      throw new Lease.Lost(delivery.source());
    }
  }

  /**
   * Returns the committed outcome, if another worker has committed the request in the meantime.
   * Another outcome, such as cancelled, would contradict it.
   */
  private Optional<RenderOutcome> findCommitted(Decoded.Valid valid) {
    if (valid.request().options().always()) {
      return Optional.empty();
    }
    try {
      ObjectUri folder = Prefixes.folder(valid.request(), settings);
      return manifests
          .find(folder, valid.sha256())
          .map(manifest -> new RenderOutcome.Completed(manifest, true));
    } catch (RenderFailure noneOfThisRequest) {
      return Optional.empty();
    }
  }

  @SuppressWarnings("try") // the stay is used only for its effect
  private RenderOutcome renderOnce(Decoded.Valid valid, Phases phases) throws RenderFailure {
    RenderRequest request = valid.request();
    ObjectUri folder = Prefixes.folder(request, settings);
    try (RunningRequests.Stay stay = running.enter(folder)) {
      checkLease(phases.delivery());
      CheckpointFile checkpoint = new CheckpointFile(store, folder, settings);
      return render(valid, folder, checkpoint, phases);
    }
  }

  private RenderOutcome render(
      Decoded.Valid valid, ObjectUri folder, CheckpointFile checkpoint, Phases phases)
      throws RenderFailure {
    RenderRequest request = valid.request();
    Optional<Manifest> done = manifests.find(folder, valid.sha256());
    if (done.isPresent() && !request.options().always()) {
      return new RenderOutcome.Completed(done.get(), true);
    }
    try {
      checkCancelled(request);
      try (RequestModels models = finder.find(request, phases.delivery())) {
        Prepared prepared = preparation.prepare(request, models.models());
        phases.prepared();
        Manifest manifest = renderAndStore(valid, prepared, folder, checkpoint, phases);
        RenderOutcome outcome = results.commit(folder, manifest);
        checkpoint.delete();
        return outcome;
      }
    } catch (RenderFailure ended) {
      checkLease(phases.delivery());
      checkpoint.delete();
      throw ended;
    }
  }

  private void checkCancelled(RenderRequest request) throws RenderFailure {
    if (cancellations.contains(request.id())) {
      throw RenderFailure.cancelled(0);
    }
  }

  private Manifest renderAndStore(
      Decoded.Valid valid,
      Prepared prepared,
      ObjectUri folder,
      CheckpointFile checkpoint,
      Phases phases)
      throws RenderFailure {
    Delivery delivery = phases.delivery();
    Denoising.Intermediate kept =
        (stage, pictures, inputs, source) ->
            results.keep(prepared, folder, stage, pictures, inputs, source);
    try (Rendered rendered = denoising.render(prepared, folder, checkpoint, delivery, kept)) {
      phases.rendered(rendered.spent());
      return results.store(valid, prepared, rendered, folder, phases);
    }
  }
}
