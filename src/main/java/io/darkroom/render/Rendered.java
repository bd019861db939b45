package io.darkroom.render;

import io.darkroom.engine.PictureHold;
import io.darkroom.engine.StageOutcome;
import io.darkroom.job.Manifest;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/**
 * The pictures of a job as the engine left them, each to be taken once: none stays on the heap when
 * its file is made. Until this is closed the engine counts all of them, as pictures or files. One
 * thread.
 */
final class Rendered implements AutoCloseable {
  private final Queue<StageOutcome.Picture> pictures;
  private final long evaluations;
  private final StageOutcome.Spent spent;
  private final Optional<Manifest.InputFile> input;
  private final PictureHold hold;

  /**
   * @param input the picture that they began with
   */
  Rendered(StageOutcome.Done done, Optional<Manifest.InputFile> input, PictureHold hold) {
    this.pictures = new ArrayDeque<>(done.pictures());
    this.evaluations = done.evaluations();
    this.spent = done.spent();
    this.input = input;
    this.hold = hold;
  }

  /** The next picture, in the order of the stage's images; from now on the caller's alone. */
  StageOutcome.Picture take() {
    return pictures.remove();
  }

  /** The picture that they began with, where there was one. */
  Optional<Manifest.InputFile> input() {
    return input;
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
