package io.darkroom.app;

import java.util.function.Consumer;

/**
 * Runs the task of a thread with an outermost handler for all exceptions, including {@link Error}.
 * The handler runs on that thread. An interrupt is not a failure.
 *
 * @param task the task
 * @param onFailure receives the exception of the task
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
    } catch (Throwable fault) { // outermost handler of the thread: the owner decides
      onFailure.accept(fault);
    }
  }
}
