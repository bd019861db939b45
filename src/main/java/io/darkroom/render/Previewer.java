package io.darkroom.render;

import io.darkroom.engine.LoadedModel;
import io.darkroom.plan.RenderPlan;
import io.darkroom.plan.Stage;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Encodes and stores the previews of all jobs on one thread, one at a time. A store that hangs
 * blocks this thread only. The queue holds at most one entry for each job.
 */
final class Previewer {
  private static final long IDLE_SECONDS = 10;

  private final ObjectStore store;
  private final int pngLevel;
  private final JobEvents events;
  private final Executor thread;

  /** Creates a previewer with its own thread, which ends when it is idle. */
  Previewer(ObjectStore store, int pngLevel, JobEvents events) {
    this(store, pngLevel, events, oneThread());
  }

  Previewer(ObjectStore store, int pngLevel, JobEvents events, Executor thread) {
    this.store = store;
    this.pngLevel = pngLevel;
    this.events = events;
    this.thread = thread;
  }

  private static Executor oneThread() {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), Previewer::daemon);
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "previews");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Returns the previews of a stage; empty if the request asks for none, or if the samples are
   * tiles or cannot be shown.
   *
   * @param number index of the stage, from 0
   * @param model model of the stage
   * @param folder folder of the request's objects
   */
  Optional<JobPreviews> of(RenderPlan plan, int number, LoadedModel model, ObjectUri folder) {
    OptionalInt every = plan.effective().options().previewEvery();
    Stage stage = plan.stages().get(number);
    if (every.isEmpty() || stage.tiled()) {
      return Optional.empty();
    }
    int evaluations = stage.sampler().evaluations();
    JobPreviews.Steps steps =
        new JobPreviews.Steps(every.getAsInt(), plan.steps(number), stage.steps(), evaluations);
    return PreviewLook.of(stage, model.findings().colors())
        .map(look -> new JobPreviews(this, folder, steps, look));
  }

  ObjectStore store() {
    return store;
  }

  int pngLevel() {
    return pngLevel;
  }

  void ended(JobEvent.PreviewFate fate) {
    events.post(new JobEvent.Previewed(fate));
  }

  void execute(Runnable work) {
    thread.execute(work);
  }
}
