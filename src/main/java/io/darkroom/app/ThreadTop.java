package io.darkroom.app;

import java.util.function.Consumer;

/**
 * What a thread runs, and who hears why it ended before its time: whatever is thrown, {@link Error}
 * too, is told on that thread. An interruption is no fault.
 *
 * @param task what is to be done
 * @param death told what the task threw
 */
record ThreadTop(Task task, Consumer<Throwable> death) implements Runnable {

  /** Something to be done. */
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
    } catch (Throwable fault) { // the thread's top: whoever owns the process decides
      death.accept(fault);
    }
  }
}
