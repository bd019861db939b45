package io.darkroom.render;

import io.darkroom.image.Pixels;
import io.darkroom.image.PngWriter;
import io.darkroom.job.Preview;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The previews of one job: the engine thread leaves a small copy of a sample here and goes on; the
 * previewer's thread makes a file of it and stores it; the engine thread announces it with the
 * job's next progress, so that nothing comes after the job's end. There is room for one each way: a
 * newer preview takes the place of one that nobody has taken yet.
 */
final class JobPreviews implements Runnable, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(JobPreviews.class.getName());
  private static final String MEDIA_TYPE = "image/png";

  /** One that waits and one that is being encoded. */
  private static final int SKETCHES = 2;

  private final Previewer previewer;
  private final ObjectUri folder;
  private final PreviewSteps steps;
  private final PreviewLook look;
  private final BlockingQueue<PreviewBuffer> spare = new ArrayBlockingQueue<>(SKETCHES);
  private final AtomicReference<@Nullable PreviewBuffer> waiting = new AtomicReference<>();
  private final AtomicReference<@Nullable Preview> stored = new AtomicReference<>();
  private final AtomicBoolean queued = new AtomicBoolean();
  private volatile boolean over;

  /**
   * @param folder of the request's objects
   */
  JobPreviews(Previewer previewer, ObjectUri folder, PreviewSteps steps, PreviewLook look) {
    this.previewer = previewer;
    this.folder = folder;
    this.steps = steps;
    this.look = look;
  }

  /** As {@link io.darkroom.engine.StageJob.ProgressListener#denoised}. Engine thread. */
  void denoised(int image, int done, float[] estimate) {
    int step = steps.ended(image, done);
    if (step == 0) {
      return;
    }
    PreviewBuffer sketch = blank();
    sketch.of(image, step);
    look.means().shrink(estimate, sketch.values());
    waiting.set(sketch);
    if (queued.compareAndSet(false, true)) {
      previewer.execute(this);
    }
  }

  private PreviewBuffer blank() {
    PreviewBuffer unsent = waiting.getAndSet(null);
    if (unsent != null) {
      previewer.ended(PreviewFate.REPLACED);
      return unsent;
    }
    PreviewBuffer used = spare.poll();
    return used == null ? new PreviewBuffer(look.means().smallSize()) : used;
  }

  /** The preview that was stored since the last time. Engine thread. */
  Optional<Preview> stored() {
    Preview preview = stored.getAndSet(null);
    if (preview == null) {
      return Optional.empty();
    }
    previewer.ended(PreviewFate.PUBLISHED);
    return Optional.of(preview);
  }

  /** Stores what waits. The previewer's thread. */
  @Override
  public void run() {
    queued.set(false);
    PreviewBuffer sketch = waiting.getAndSet(null);
    if (sketch == null) {
      return;
    }
    try {
      replace(stored, store(sketch), PreviewFate.REPLACED);
      if (over) {
        close();
      }
    } catch (ObjectStore.StoreFailure failure) {
      LOG.log(Level.DEBUG, "preview dropped reason=" + failure.getMessage());
      previewer.ended(PreviewFate.FAILED);
    } catch (RuntimeException fault) {
      // The top of the thread: the next preview is another matter.
      LOG.log(Level.ERROR, "internal error in a preview folder=" + folder, fault);
      previewer.ended(PreviewFate.FAILED);
    }
  }

  private Preview store(PreviewBuffer sketch) {
    int image = sketch.image();
    int step = sketch.step();
    Pixels pixels = look.pixels(sketch.values());
    spare.add(sketch);
    byte[] file = PngWriter.write(pixels, List.of(), previewer.pngLevel());
    ObjectUri uri = folder.child("previews/" + image + "-" + step + ".png");
    previewer.store().put(uri, file, MEDIA_TYPE);
    return new Preview(
        image, step, uri.toString(), MEDIA_TYPE, pixels.width(), pixels.height(), file.length);
  }

  /** The job is over: what was not announced is not. Any thread. */
  @Override
  public void close() {
    over = true;
    replace(waiting, null, PreviewFate.LATE);
    replace(stored, null, PreviewFate.LATE);
  }

  private <T> void replace(
      AtomicReference<@Nullable T> place, @Nullable T newer, PreviewFate fate) {
    if (place.getAndSet(newer) != null) {
      previewer.ended(fate);
    }
  }
}
