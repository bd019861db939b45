package io.darkroom.app;

import java.util.function.Consumer;

/**
 * A task of a thread with a handler for what it throws, {@link Error} included. The handler runs on
 * that thread. An interrupt is not a failure.
 *
 * @param task the work
 * @param onFailure gets what the task threw
 */
record ThreadTop(Task task, Consumer<Throwable> onFailure) implements Runnable {

  /** Work that may throw. */
  @FunctionalInterface
  interface Task {
    void run() throws Exception;
  }

  @Override
  public void run() {
    try {
      task.run();
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    } catch (Throwable fault) { // the top of the thread: its owner decides
      onFailure.accept(fault);
    }
  }
}
