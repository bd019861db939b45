package io.darkroom.replay;

import io.darkroom.job.Fingerprint;
import io.darkroom.job.Manifest;
import io.darkroom.job.RenderRequest;
import io.darkroom.job.Size;
import io.darkroom.job.StageRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Says without rendering whether this worker can give the pixels of recorded renders: compares the
 * recorded plans and fingerprints with its own.
 */
public final class WorkerMatch {
  private final Here here;

  /** Creates a match with the plans and fingerprints of this worker. */
  public WorkerMatch(Here here) {
    this.here = here;
  }

  /** The plans and fingerprints of this worker. */
  public interface Here {
    /**
     * Returns the fingerprint that a render of a model gets here; empty if the model is not here.
     * The plan, and what pixels do not depend on, is taken from the recorded fingerprint.
     */
    Optional<Fingerprint> of(String model, Fingerprint recorded);

    /**
     * Returns the digests of the plans that a request gets here, one per stage; empty if a model is
     * not here or the request is refused.
     *
     * @param stage the stage with a stored result, from 0
     * @param result size of the stored result, if it is a picture
     */
    Optional<List<String>> plans(RenderRequest request, int stage, Optional<Size> result);
  }

  /**
   * What the fingerprints say.
   *
   * @param text one line
   * @param differences fields that differ, one line each
   */
  public record Answer(String text, List<String> differences) {

    public Answer {
      differences = List.copyOf(differences);
    }

    /** Returns whether nothing is different. */
    public boolean same() {
      return differences.isEmpty();
    }
  }

  /** Compares the stages of a manifest. */
  public Answer compare(Manifest manifest) {
    Optional<RenderRequest> request = ManifestCheck.request(manifest);
    if (request.isEmpty()) {
      return new Answer("cannot be compared", List.of("the manifest's request is invalid"));
    }
    Optional<Size> size =
        manifest.outputs().stream().findFirst().flatMap(Manifest.OutputFile::size);
    int stages = manifest.stages().size();
    if (stages != request.get().stages().size()) {
      return new Answer("cannot be compared", List.of("the stages are not those of the request"));
    }
    Optional<List<String>> plans = here.plans(request.get(), stages - 1, size);
    List<String> differences = new ArrayList<>();
    for (int i = 0; i < stages; i++) {
      Manifest.RenderedStage stage = manifest.stages().get(i);
      differences.addAll(differences(i, stage.model(), stage.fingerprint(), plans));
    }
    boolean absent =
        manifest.stages().stream().anyMatch(each -> absent(each.model(), each.fingerprint()));
    return answer(absent, refused(differences, plans), manifest.fingerprints());
  }

  /**
   * Compares the stage that made the picture. The picture does not say which one it was, so it is
   * the first one with the same fingerprint, else the last one. Of the other stages, only the
   * models are looked for.
   */
  public Answer compare(Evidence.OfPicture picture) {
    if (picture.fingerprint().isEmpty()) {
      return new Answer("cannot be compared", List.of("the image has no fingerprint"));
    }
    Fingerprint recorded = picture.fingerprint().get();
    List<StageRequest> stages = picture.request().stages();
    int made = madeBy(picture, recorded);
    Optional<List<String>> plans = plans(picture, made);
    List<String> differences = new ArrayList<>();
    for (int i = 0; i < stages.size(); i++) {
      String model = stages.get(i).model().name();
      List<String> ofStage = differences(i, model, recorded, plans);
      if (i == made || absent(model, recorded)) {
        differences.addAll(ofStage);
      }
    }
    boolean absent = stages.stream().anyMatch(each -> absent(each.model().name(), recorded));
    Answer answer = answer(absent, refused(differences, plans), List.of(recorded));
    return stages.size() == 1 || !answer.same()
        ? answer
        : new Answer(answer.text() + "; its manifest has those of the other stages", List.of());
  }

  private Optional<List<String>> plans(Evidence.OfPicture picture, int stage) {
    return here.plans(picture.request(), stage, Optional.of(picture.size()));
  }

  private int madeBy(Evidence.OfPicture picture, Fingerprint recorded) {
    List<StageRequest> stages = picture.request().stages();
    for (int i = 0; i < stages.size() - 1; i++) {
      String model = stages.get(i).model().name();
      Optional<List<String>> plans = plans(picture, i);
      if (plans.isPresent() && differences(i, model, recorded, plans).isEmpty()) {
        return i;
      }
    }
    return stages.size() - 1;
  }

  private List<String> differences(
      int stage, String model, Fingerprint recorded, Optional<List<String>> plans) {
    String pointer = "/stages/" + stage;
    Optional<String> plan =
        recorded.planSha256().map(was -> plans.map(each -> each.get(stage)).orElse(was));
    return here.of(model, recorded)
        .map(own -> Differences.between(pointer, recorded, own.withPlan(plan)))
        .orElseGet(() -> List.of(pointer + "/model: " + model + " is not here"));
  }

  /** Adds that the request is refused, if the packages are not the reason. */
  private static List<String> refused(List<String> differences, Optional<List<String>> plans) {
    return differences.isEmpty() && plans.isEmpty()
        ? List.of("/request: is refused by this worker")
        : differences;
  }

  private boolean absent(String model, Fingerprint recorded) {
    return here.of(model, recorded).isEmpty();
  }

  private static Answer answer(
      boolean absent, List<String> differences, List<Fingerprint> recorded) {
    if (absent) {
      return new Answer("does not have the package, so it cannot render this", differences);
    }
    if (!differences.isEmpty()) {
      return new Answer("has another fingerprint, so it may give other pixels", differences);
    }
    return recorded.stream().allMatch(Fingerprint::exact)
        ? new Answer("has the same fingerprint, so it gives the same pixels", List.of())
        : new Answer("has the same fingerprint, in a tier that allows other pixels", List.of());
  }
}
