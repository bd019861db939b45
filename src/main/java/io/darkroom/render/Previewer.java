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

  /** A previewer with its own thread, which ends when it is idle. */
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
   * The previews of a job; empty if the request asks for none or its samples cannot be shown.
   *
   * @param folder folder of the request's objects
   */
  Optional<JobPreviews> of(RenderPlan plan, LoadedModel model, ObjectUri folder) {
    OptionalInt every = plan.effective().options().previewEvery();
    if (every.isEmpty()) {
      return Optional.empty();
    }
    Stage stage = plan.stage();
    int evaluations = stage.sampler().evaluations();
    JobPreviews.Steps steps = new JobPreviews.Steps(every.getAsInt(), plan.steps(), evaluations);
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
