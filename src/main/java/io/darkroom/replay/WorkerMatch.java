package io.darkroom.replay;

import io.darkroom.job.Fingerprint;
import io.darkroom.job.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Says without rendering whether this worker can give the pixels of recorded renders: compares the
 * recorded fingerprints with its own.
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
      String model = stage.model().split("@", 2)[0];
      differences.addAll(differences("/stages/" + i, model, stage.fingerprint()));
    }
    return answer(differences, manifest.fingerprints());
  }

  /** Compares the last stage, which made the picture. */
  public Answer compare(Evidence.OfPicture picture) {
    if (picture.fingerprint().isEmpty()) {
      return new Answer("cannot be compared", List.of("the picture has no valid fingerprint"));
    }
    Fingerprint recorded = picture.fingerprint().get();
    int last = picture.request().stages().size() - 1;
    String model = picture.request().stages().get(last).model().name();
    return answer(differences("/stages/" + last, model, recorded), List.of(recorded));
  }

  private List<String> differences(String stage, String model, Fingerprint recorded) {
    return here.of(model, recorded)
        .map(own -> Differences.between(stage, recorded, own))
        .orElseGet(() -> List.of(stage + "/model: " + model + " is not here"));
  }

  private static Answer answer(List<String> differences, List<Fingerprint> recorded) {
    if (!differences.isEmpty()) {
      return new Answer("may give other pixels", differences);
    }
    return recorded.stream().allMatch(Fingerprint::exact)
        ? new Answer("gives the same pixels, by the fingerprint", List.of())
        : new Answer("has the same fingerprint, in a tier that allows other pixels", List.of());
  }
}
