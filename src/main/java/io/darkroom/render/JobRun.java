package io.darkroom.render;

import io.darkroom.engine.PartState;
import io.darkroom.engine.PictureHold;
import io.darkroom.engine.StageInputs;
import io.darkroom.engine.StageOutcome;
import io.darkroom.job.Manifest;
import io.darkroom.model.Shape;
import io.darkroom.model.Tensor;
import io.darkroom.plan.RenderPlan;
import io.darkroom.plan.Stage;
import io.darkroom.plan.Start;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The state of a job: the current stage, its inputs, and the results of earlier stages. If it is
 * closed before {@link #rendered}, the heap that is reserved for the job is released. Used only by
 * the thread of the job.
 */
final class JobRun implements AutoCloseable {
  private final Prepared prepared;
  private final Optional<Checkpoint> from;
  private final List<List<Manifest.OutputFile>> kept;
  private Map<String, Manifest.InputFile> files = Map.of();
  private SourceDetails source = SourceDetails.NOTHING;
  private Optional<PictureHold> hold = Optional.empty();
  private StageOutcome.Spent spent = StageOutcome.Spent.NOTHING;
  private Set<String> swapped = Set.of();
  private List<Tensor> pictures;
  private boolean inputsRead;
  private int stage;
  private long evaluations;

  /**
   * @param from checkpoint of an earlier worker; empty to start from the beginning
   */
  JobRun(Prepared prepared, Optional<Checkpoint> from) {
    this.prepared = prepared;
    this.from = from;
    this.stage = from.map(Checkpoint::stage).orElse(0);
    this.kept = new ArrayList<>(from.map(Checkpoint::kept).orElse(List.of()));
    this.pictures = from.map(Checkpoint::pictures).orElse(List.of());
    this.inputsRead = prepared.inputs().isEmpty();
  }

  Prepared prepared() {
    return prepared;
  }

  RenderPlan plan() {
    return prepared.plan();
  }

  /** Returns the index of the current stage, from 0. */
  int number() {
    return stage;
  }

  Stage stage() {
    return plan().stages().get(stage);
  }

  boolean last() {
    return plan().following(stage).isEmpty();
  }

  /**
   * Returns the states of the images if an earlier worker has begun the current stage; otherwise
   * empty.
   */
  List<PartState> resume() {
    return from.filter(checkpoint -> checkpoint.stage() == stage)
        .map(Checkpoint::parts)
        .orElse(List.of());
  }

  /** Returns the heap that earlier stages have reserved. */
  Optional<PictureHold> hold() {
    return hold;
  }

  /** Sets the reservation of heap with which the current stage was submitted. */
  void setHold(PictureHold reserved) {
    hold = Optional.of(reserved);
  }

  /** Returns whether the inputs of the request must still be read. */
  boolean readsInputs() {
    return !inputsRead;
  }

  /** Returns the input pictures of the current stage for the engine; empty if there are none. */
  Optional<StageInputs> inputs() {
    if (readsInputs()) {
      Map<String, Shape> shapes =
          pictures.isEmpty()
              ? prepared.shapes()
              : Map.of(stage().receivedPointer(), pictures.get(0).shape());
      return Optional.of(StageInputs.unread(shapes, prepared.readingBytes()));
    }
    return pictures.isEmpty() ? Optional.empty() : Optional.of(StageInputs.ofEach(each()));
  }

  private List<Map<String, Tensor>> each() {
    return pictures.stream().map(picture -> Map.of(stage().receivedPointer(), picture)).toList();
  }

  /**
   * Returns whether the inputs have the sizes of their headers and are the same as those of the
   * checkpoint.
   */
  boolean accepts(ReadInputs read) {
    swapped = read.otherShapes(prepared.inputs());
    String digest = ReadInputs.digest(read.files());
    boolean same = from.map(checkpoint -> checkpoint.inputsSha256().equals(digest)).orElse(true);
    return swapped.isEmpty() && same;
  }

  /** Takes the inputs of the request. Returns the inputs of the current stage. */
  List<Map<String, Tensor>> take(ReadInputs read) {
    inputsRead = true;
    files = read.files();
    source = read.source();
    return pictures.isEmpty() ? List.of(read.taken(stage())) : each();
  }

  /** Returns the pointers of the inputs whose width and height are swapped. */
  Set<String> swapped() {
    return swapped;
  }

  /** Returns the addresses and digests of the inputs that were read. */
  Map<String, Manifest.InputFile> files() {
    return files;
  }

  /** Returns what results take from the picture that they enlarge. */
  SourceDetails source() {
    return source;
  }

  /** Adds the evaluations of earlier stages and earlier workers to an outcome. */
  StageOutcome counted(StageOutcome outcome) {
    long all = from.map(Checkpoint::evaluations).orElse(0L) + evaluations + outcome.evaluations();
    if (outcome instanceof StageOutcome.Done done) {
      return new StageOutcome.Done(done.pictures(), all, spent.plus(done.spent()));
    }
    if (outcome instanceof StageOutcome.Broken broken) {
      return new StageOutcome.Broken(broken.kind(), broken.message(), all);
    }
    StageOutcome.Stopped stopped = (StageOutcome.Stopped) outcome;
    return new StageOutcome.Stopped(stopped.reason(), stopped.parts(), all);
  }

  /**
   * Returns the checkpoint with which another worker continues; empty if this worker made no
   * evaluation.
   */
  Optional<Checkpoint> checkpoint(StageOutcome.Stopped stopped) {
    StageOutcome whole = counted(stopped);
    return evaluations + stopped.evaluations() == 0
        ? Optional.empty()
        : Optional.of(
            new Checkpoint(
                stage,
                kept,
                pictures,
                stopped.parts(),
                whole.evaluations(),
                ReadInputs.digest(files)));
  }

  /**
   * Advances to the next stage, which starts from the pictures or the samples of the current stage.
   *
   * @param stored files of the pictures; empty if they are not kept
   */
  void advance(StageOutcome.Done done, List<Manifest.OutputFile> stored) {
    stage++;
    boolean samples = stage().start().from() == Start.From.LATENTS;
    pictures =
        done.pictures().stream()
            .map(picture -> samples ? picture.sample() : bounded(picture.pixels()))
            .toList();
    evaluations += done.evaluations();
    spent = spent.plus(done.spent());
    kept.add(stored);
  }

  /**
   * Returns the result of the job after its last stage. The result takes over the reserved heap.
   */
  Rendered rendered(StageOutcome.Done last) {
    StageOutcome.Done whole = (StageOutcome.Done) counted(last);
    Rendered rendered = new Rendered(whole, files, source, kept, hold.orElseThrow());
    hold = Optional.empty();
    return rendered;
  }

  @Override
  public void close() {
    hold.ifPresent(PictureHold::close);
  }

  /** Clamps a picture to [-1, 1], the range of pictures that are read from files. */
  private static Tensor bounded(Tensor pixels) {
    float[] values = pixels.values();
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.min(1, Math.max(-1, values[i]));
    }
    return pixels;
  }
}
