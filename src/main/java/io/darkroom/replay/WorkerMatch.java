package io.darkroom.replay;

import io.darkroom.job.Fingerprint;
import io.darkroom.job.Manifest;
import io.darkroom.job.StageRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Says without rendering whether this worker can give the pixels of recorded renders: compares the
 * recorded fingerprints with its own. Whether it accepts the request, only a render shows.
 */
public final class WorkerMatch {
  private final Here here;

  /** Creates a match with the fingerprints of this worker. */
  public WorkerMatch(Here here) {
    this.here = here;
  }

  /** The fingerprints of this worker. */
  @FunctionalInterface
  public interface Here {
    /**
     * Returns the fingerprint that a render of a model gets here; empty if the model is not here.
     * What pixels do not depend on is taken from the recorded fingerprint.
     */
    Optional<Fingerprint> of(String model, Fingerprint recorded);
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
    List<String> differences = new ArrayList<>();
    for (int i = 0; i < manifest.stages().size(); i++) {
      Manifest.RenderedStage stage = manifest.stages().get(i);
      differences.addAll(differences("/stages/" + i, stage.model(), stage.fingerprint()));
    }
    return answer(differences, manifest.fingerprints());
  }

  /**
   * Compares the stage that made the picture. The picture does not say which one it was, so it is
   * the first one with the same fingerprint, else the last one. Of the other stages, only the
   * models are looked for.
   */
  public Answer compare(Evidence.OfPicture picture) {
    if (picture.fingerprint().isEmpty()) {
      return new Answer("cannot be compared", List.of("the picture has no fingerprint"));
    }
    Fingerprint recorded = picture.fingerprint().get();
    List<StageRequest> stages = picture.request().stages();
    List<String> differences = new ArrayList<>();
    int made = madeBy(stages, recorded);
    for (int i = 0; i < stages.size(); i++) {
      String model = stages.get(i).model().name();
      List<String> ofStage = differences("/stages/" + i, model, recorded);
      if (i == made || here.of(model, recorded).isEmpty()) {
        differences.addAll(ofStage);
      }
    }
    Answer answer = answer(differences, List.of(recorded));
    return stages.size() == 1 || !answer.same()
        ? answer
        : new Answer(answer.text() + "; its manifest has those of the other stages", List.of());
  }

  private int madeBy(List<StageRequest> stages, Fingerprint recorded) {
    for (int i = 0; i < stages.size() - 1; i++) {
      if (differences("", stages.get(i).model().name(), recorded).isEmpty()) {
        return i;
      }
    }
    return stages.size() - 1;
  }

  private List<String> differences(String stage, String model, Fingerprint recorded) {
    return here.of(model, recorded)
        .map(own -> Differences.between(stage, recorded, own))
        .orElseGet(() -> List.of(stage + "/model: " + model + " is not here"));
  }

  private static Answer answer(List<String> differences, List<Fingerprint> recorded) {
    if (!differences.isEmpty()) {
      return new Answer("has another fingerprint, so it may give other pixels", differences);
    }
    return recorded.stream().allMatch(Fingerprint::exact)
        ? new Answer("has the same fingerprint, so it gives the same pixels", List.of())
        : new Answer("has the same fingerprint, in a tier that allows other pixels", List.of());
  }
}
