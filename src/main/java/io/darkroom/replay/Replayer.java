package io.darkroom.replay;

import io.darkroom.job.JobOptions;
import io.darkroom.job.Output;
import io.darkroom.job.Problem;
import io.darkroom.job.RenderOutcome;
import io.darkroom.job.RenderRequest;
import io.darkroom.json.RequestCodec;
import io.darkroom.render.Bytes;
import io.darkroom.render.Delivery;
import io.darkroom.render.Intake;
import io.darkroom.render.ObjectUri;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Renders recorded requests again, each under a prefix of its own, and compares. A request that was
 * replayed before under the same prefix is not rendered again. Safe for use by many threads.
 */
public final class Replayer {
  /** Of pictures that are replayed without their manifests. */
  private static final String PICTURES = "pictures/";

  private static final JobOptions LOWEST =
      new JobOptions(0, Optional.empty(), OptionalInt.empty(), false, Map.of());

  private final Intake pipeline;
  private final ObjectUri prefix;
  private final Clock clock;

  /**
   * @param pipeline renders, with a {@link ReplayStore}
   * @param prefix of the results
   */
  public Replayer(Intake pipeline, ObjectUri prefix, Clock clock) {
    this.pipeline = pipeline;
    this.prefix = prefix;
    this.clock = clock;
  }

  /**
   * Renders and compares; blocks.
   *
   * @throws io.darkroom.render.ObjectStore.StoreFailure where a store cannot be used
   */
  public Finding replay(Recorded recorded) {
    RenderOutcome outcome =
        pipeline.settle(delivery(recorded.source(), request(recorded))).outcome();
    String id = recorded.original().requestId();
    if (outcome instanceof RenderOutcome.Completed completed) {
      return Comparison.of(recorded.source(), recorded.original(), completed.manifest());
    }
    return new Finding(id, recorded.source(), Verdict.NOT_REPLAYABLE, reasons(outcome));
  }

  /**
   * Renders the request of a picture and looks for the picture among the results; blocks.
   *
   * @param source of the picture
   * @throws io.darkroom.render.ObjectStore.StoreFailure where a store cannot be used
   */
  public Finding replay(String source, RenderRequest request, Bytes picture) {
    RenderOutcome outcome = pipeline.settle(delivery(source, moved(request, PICTURES))).outcome();
    String id = request.id().value();
    return outcome instanceof RenderOutcome.Completed completed
        ? Comparison.of(source, id, picture, completed.manifest())
        : new Finding(id, source, Verdict.NOT_REPLAYABLE, reasons(outcome));
  }

  /** The recorded request without deadline and previews, with results under the prefix. */
  RenderRequest request(Recorded recorded) {
    return moved(recorded.request(), folder(recorded));
  }

  private RenderRequest moved(RenderRequest request, String name) {
    Output output = request.output();
    String folder = prefix.child(name).toString();
    return new RenderRequest(
        request.id(),
        request.stage(),
        request.seeds(),
        new Output(
            Optional.of(folder), output.format(), output.quality(), output.keepIntermediate()),
        LOWEST);
  }

  /** Requests with the same id under other prefixes stay apart. */
  private static String folder(Recorded recorded) {
    if (recorded.original().outputs().isEmpty()) {
      return "";
    }
    ObjectUri first = ObjectUri.parse(recorded.original().outputs().get(0).uri());
    String path = first.bucket() + "/" + first.key();
    int file = path.lastIndexOf('/');
    int id = path.lastIndexOf('/', file - 1);
    return path.substring(0, id + 1);
  }

  private Delivery delivery(String source, RenderRequest request) {
    byte[] body = RequestCodec.write(request);
    Instant now = clock.instant();
    return new Delivery(source, "application/json", new Bytes(body), now, now);
  }

  private static List<String> reasons(RenderOutcome outcome) {
    if (outcome instanceof RenderOutcome.Failed failed) {
      return reasons(failed.problem());
    }
    if (outcome instanceof RenderOutcome.Rejected rejected) {
      return reasons(rejected.problem());
    }
    return List.of("cancelled");
  }

  private static List<String> reasons(Problem problem) {
    List<String> reasons = new ArrayList<>();
    reasons.add(problem.kind().wire() + ": " + problem.message());
    problem
        .violations()
        .forEach(violation -> reasons.add(violation.pointer() + ": " + violation.message()));
    return reasons;
  }
}
