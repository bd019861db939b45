package io.darkroom.render;

import io.darkroom.engine.PictureHold;
import io.darkroom.engine.StageOutcome;
import io.darkroom.job.Manifest;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/**
 * The images of a job. Each image is taken once, so that it can be released soon after its file is
 * encoded. The engine reserves memory for all images until this object is closed. Used by one
 * thread.
 */
final class Rendered implements AutoCloseable {
  private final Queue<StageOutcome.Picture> pictures;
  private final long evaluations;
  private final StageOutcome.Spent spent;
  private final Map<String, Manifest.InputFile> inputs;
  private final SourceDetails source;
  private final List<List<Manifest.OutputFile>> kept;
  private final PictureHold hold;

  /**
   * @param inputs the pictures that were read, by pointer
   * @param source what the pictures take from the picture that they enlarge
   * @param kept files of the stages before the last, per stage
   */
  Rendered(
      StageOutcome.Done done,
      Map<String, Manifest.InputFile> inputs,
      SourceDetails source,
      List<List<Manifest.OutputFile>> kept,
      PictureHold hold) {
    this.pictures = new ArrayDeque<>(done.pictures());
    this.evaluations = done.evaluations();
    this.spent = done.spent();
    this.inputs = inputs;
    this.source = source;
    this.kept = List.copyOf(kept);
    this.hold = hold;
  }

  /** Returns the next image, in the order of the stage. The caller owns it. */
  StageOutcome.Picture take() {
    return pictures.remove();
  }

  /** Returns the pictures that were read, by pointer, in order. */
  Map<String, Manifest.InputFile> inputs() {
    return inputs;
  }

  /** Returns what the pictures take from the picture that they enlarge. */
  SourceDetails source() {
    return source;
  }

  /**
   * Returns the files of the results of a stage; empty for the last stage, or if they are not kept.
   */
  List<Manifest.OutputFile> kept(int stage) {
    return stage < kept.size() ? kept.get(stage) : List.of();
  }

  long evaluations() {
    return evaluations;
  }

  StageOutcome.Spent spent() {
    return spent;
  }

  @Override
  public void close() {
    hold.close();
  }
}
