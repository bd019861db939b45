package io.darkroom.replay;

import io.darkroom.job.Fingerprint;
import io.darkroom.job.JobOptions;
import io.darkroom.job.Manifest;
import io.darkroom.job.Output;
import io.darkroom.job.Problem;
import io.darkroom.job.RenderOutcome;
import io.darkroom.job.RenderRequest;
import io.darkroom.json.ManifestCodec;
import io.darkroom.json.RequestCodec;
import io.darkroom.render.Bytes;
import io.darkroom.render.Delivery;
import io.darkroom.render.Intake;
import io.darkroom.render.ObjectUri;
import io.darkroom.render.ServedModels;
import io.darkroom.text.Sha256;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Renders recorded requests again, each under its own prefix, and compares the results. A request
 * that was already replayed with the same packages, device, settings and program is not rendered
 * again. Safe for use by many threads.
 */
public final class Replayer {
  /** Folder of the results of pictures that are replayed without their manifests. */
  private static final String PICTURES = "pictures/";

  private static final JobOptions LOWEST =
      new JobOptions(0, Optional.empty(), OptionalInt.empty(), false, Map.of());

  /** Hexadecimal digits of the segment that names the candidate. */
  private static final int CANDIDATE_DIGITS = 12;

  private final Intake pipeline;
  private final ServedModels models;
  private final String workerVersion;
  private final ObjectUri prefix;
  private final Clock clock;

  /**
   * @param pipeline pipeline that renders with a {@link ReplayStore}
   * @param models models of the pipeline
   * @param workerVersion version of this program
   * @param prefix prefix of the results
   */
  public Replayer(
      Intake pipeline, ServedModels models, String workerVersion, ObjectUri prefix, Clock clock) {
    this.pipeline = pipeline;
    this.models = models;
    this.workerVersion = workerVersion;
    this.prefix = prefix;
    this.clock = clock;
  }

  /**
   * Renders a recorded request and compares the result. Blocks.
   *
   * @throws io.darkroom.render.ObjectStore.StoreFailure if a store cannot be used
   */
  public Replayed replay(Recorded recorded) {
    String id = recorded.original().requestId();
    try {
      return compare(recorded, request(recorded));
    } catch (IllegalArgumentException invalid) { // an address in the manifest
      String reason = String.valueOf(invalid.getMessage());
      return new Replayed(Finding.notReplayable(id, recorded.source(), reason), Optional.empty());
    }
  }

  private Replayed compare(Recorded recorded, RenderRequest request) {
    String id = recorded.original().requestId();
    RenderOutcome outcome = pipeline.settle(delivery(recorded.source(), request)).outcome();
    if (outcome instanceof RenderOutcome.Completed completed) {
      Manifest again = completed.manifest();
      return new Replayed(
          Comparison.of(recorded.source(), recorded.original(), again), Optional.of(again));
    }
    return new Replayed(
        new Finding(id, recorded.source(), Verdict.NOT_REPLAYABLE, reasons(outcome)),
        Optional.empty());
  }

  /**
   * Renders the request that a picture contains, and looks for the picture among the results.
   * Blocks.
   *
   * @param source place from which the picture was read
   * @throws io.darkroom.render.ObjectStore.StoreFailure if a store cannot be used
   */
  public Finding replay(String source, RenderRequest request, Bytes picture) {
    RenderOutcome outcome = pipeline.settle(delivery(source, request(request, PICTURES))).outcome();
    String id = request.id().value();
    return outcome instanceof RenderOutcome.Completed completed
        ? Comparison.of(source, id, picture, completed.manifest())
        : new Finding(id, source, Verdict.NOT_REPLAYABLE, reasons(outcome));
  }

  private RenderRequest request(Recorded recorded) {
    return request(recorded.request(), folder(recorded));
  }

  /**
   * Returns a request without deadline and previews, and with its results under the prefix, in a
   * folder of this candidate.
   */
  private RenderRequest request(RenderRequest recorded, String folder) {
    RenderRequest moved = moved(recorded, folder);
    return moved(recorded, folder + candidate(moved) + "/");
  }

  /**
   * Returns a digest of the request and of everything else that its pixels depend on. Results of
   * another candidate, or of another request with this id, are in another folder.
   */
  private String candidate(RenderRequest request) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(RequestCodec.write(request));
    for (Fingerprint fingerprint : models.fingerprints(request, workerVersion)) {
      all.writeBytes(ManifestCodec.text(fingerprint).getBytes(StandardCharsets.UTF_8));
    }
    return Sha256.of(all.toByteArray()).substring(0, CANDIDATE_DIGITS);
  }

  private RenderRequest moved(RenderRequest request, String name) {
    Output output = request.output();
    String folder = prefix.child(name).toString();
    return new RenderRequest(
        request.id(),
        request.stage(),
        request.then(),
        request.seeds(),
        new Output(
            Optional.of(folder),
            output.format(),
            output.quality(),
            output.bits(),
            output.keepIntermediate()),
        LOWEST);
  }

  /**
   * Returns the folder of the first render. Requests with the same id but different prefixes get
   * different folders.
   */
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
