package io.darkroom.render;

import io.darkroom.engine.PictureHold;
import io.darkroom.engine.StageOutcome;
import java.util.ArrayDeque;
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
  private final PictureHold hold;

  Rendered(StageOutcome.Done done, PictureHold hold) {
    this.pictures = new ArrayDeque<>(done.pictures());
    this.evaluations = done.evaluations();
    this.spent = done.spent();
    this.hold = hold;
  }

  /** The next picture, in the order of the stage's images; from now on the caller's alone. */
  StageOutcome.Picture take() {
    return pictures.remove();
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
