package io.darkroom.render;

import io.darkroom.engine.PictureHold;
import io.darkroom.engine.StageOutcome;
import io.darkroom.job.Manifest;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;

/**
 * The images of a job. Each is taken once, so that it is not on the heap at the same time as its
 * file for long. The engine reserves memory for all of them until this is closed. Used by one
 * thread.
 */
final class Rendered implements AutoCloseable {
  private final Queue<StageOutcome.Picture> pictures;
  private final long evaluations;
  private final StageOutcome.Spent spent;
  private final Map<String, Manifest.InputFile> inputs;
  private final PictureHold hold;

  /**
   * @param inputs the pictures that were read, by pointer
   */
  Rendered(StageOutcome.Done done, Map<String, Manifest.InputFile> inputs, PictureHold hold) {
    this.pictures = new ArrayDeque<>(done.pictures());
    this.evaluations = done.evaluations();
    this.spent = done.spent();
    this.inputs = inputs;
    this.hold = hold;
  }

  /** The next image, in the order of the stage; the caller owns it. */
  StageOutcome.Picture take() {
    return pictures.remove();
  }

  /** The pictures that were read, by pointer, in order. */
  Map<String, Manifest.InputFile> inputs() {
    return inputs;
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
