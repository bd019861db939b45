package io.darkroom.render;

import io.darkroom.image.OutputFormats;
import io.darkroom.image.Pixels;
import io.darkroom.image.PngWriter;
import io.darkroom.job.Preview;
import io.darkroom.text.Printable;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The previews of one job. The engine thread adds a small copy of a sample, and the previewer's
 * thread encodes and stores it. The engine thread then publishes it with the next progress event of
 * the job, so no preview is published after the end of the job. At most one preview waits to be
 * encoded and at most one waits to be published; a newer one replaces it.
 */
final class JobPreviews implements Runnable, AutoCloseable {
  private static final System.Logger LOG = System.getLogger(JobPreviews.class.getName());
  private static final String MEDIA_TYPE = OutputFormats.mediaType("png");

  /** One preview that waits and one that is being encoded. */
  private static final int BUFFERS = 2;

  private final Previewer previewer;
  private final ObjectUri folder;
  private final Steps steps;
  private final PreviewLook look;
  private final BlockingQueue<Buffer> spare = new ArrayBlockingQueue<>(BUFFERS);
  private final AtomicReference<@Nullable Buffer> waiting = new AtomicReference<>();
  private final AtomicReference<@Nullable Preview> stored = new AtomicReference<>();
  private final AtomicBoolean queued = new AtomicBoolean();
  private volatile boolean closed;

  /**
   * @param folder folder of the request's objects
   */
  JobPreviews(Previewer previewer, ObjectUri folder, Steps steps, PreviewLook look) {
    this.previewer = previewer;
    this.folder = folder;
    this.steps = steps;
    this.look = look;
  }

  /** Receives the estimate of an image after an evaluation. Called on the engine thread. */
  void denoised(int image, int done, float[] estimate) {
    int step = steps.ended(image, done);
    if (step == 0) {
      return;
    }
    Buffer buffer = blank();
    buffer.of(image, step);
    look.shrink(estimate, buffer.values());
    waiting.set(buffer);
    if (queued.compareAndSet(false, true)) {
      previewer.execute(this);
    }
  }

  private Buffer blank() {
    Buffer unsent = waiting.getAndSet(null);
    if (unsent != null) {
      previewer.ended(JobEvent.PreviewFate.REPLACED);
      return unsent;
    }
    Buffer used = spare.poll();
    return used == null ? new Buffer(look.smallSize()) : used;
  }

  /** Returns the preview that was stored since the last call. Called on the engine thread. */
  Optional<Preview> stored() {
    Preview preview = stored.getAndSet(null);
    if (preview == null) {
      return Optional.empty();
    }
    previewer.ended(JobEvent.PreviewFate.PUBLISHED);
    return Optional.of(preview);
  }

  /** Stores the waiting preview. Called on the previewer's thread. */
  @Override
  public void run() {
    queued.set(false);
    Buffer buffer = waiting.getAndSet(null);
    if (buffer == null) {
      return;
    }
    try {
      replace(stored, store(buffer), JobEvent.PreviewFate.REPLACED);
      if (closed) {
        close();
      }
    } catch (ObjectStore.StoreFailure failure) {
      LOG.log(
          Level.DEBUG,
          "preview dropped reason=" + Printable.logValue(String.valueOf(failure.getMessage())));
      previewer.ended(JobEvent.PreviewFate.FAILED);
    } catch (RuntimeException fault) {
      // Outermost handler of the thread: an exception must not stop later previews.
      LOG.log(Level.ERROR, "internal error in a preview folder=" + folder, fault);
      previewer.ended(JobEvent.PreviewFate.FAILED);
    }
  }

  private Preview store(Buffer buffer) {
    int image = buffer.image();
    int step = buffer.step();
    Pixels pixels = look.pixels(buffer.values());
    spare.add(buffer);
    byte[] file = PngWriter.write(pixels, List.of(), previewer.pngLevel());
    ObjectUri uri = folder.child("previews/" + image + "-" + step + ".png");
    previewer.store().put(uri, file, MEDIA_TYPE);
    return new Preview(
        image, step, uri.toString(), MEDIA_TYPE, pixels.width(), pixels.height(), file.length);
  }

  /** Ends the previews. Drops previews that are not published yet. May be called on any thread. */
  @Override
  public void close() {
    closed = true;
    replace(waiting, null, JobEvent.PreviewFate.LATE);
    replace(stored, null, JobEvent.PreviewFate.LATE);
  }

  private <T> void replace(
      AtomicReference<@Nullable T> place, @Nullable T newer, JobEvent.PreviewFate fate) {
    if (place.getAndSet(newer) != null) {
      previewer.ended(fate);
    }
  }

  /** A reusable buffer for a reduced sample. Used by one thread at a time. */
  private static final class Buffer {
    private final float[] values;
    private int image;
    private int step;

    /**
     * @param size number of elements of the reduced sample
     */
    Buffer(int size) {
      values = new float[size];
    }

    void of(int ofImage, int ofStep) {
      image = ofImage;
      step = ofStep;
    }

    int image() {
      return image;
    }

    int step() {
      return step;
    }

    /** Returns the reduced sample itself, not a copy. */
    float[] values() {
      return values;
    }
  }

  /**
   * Selects the evaluations that give a preview. A preview is made when the running image with the
   * lowest index completes every n-th step of the schedule, except after its last evaluation. A
   * step counts once, regardless of the number of evaluations in it. Used only by the engine
   * thread.
   */
  static final class Steps {
    private static final int NONE = -1;

    private final int every;
    private final int before;
    private final int steps;
    private final int evaluations;
    private int shown = NONE;

    /**
     * @param every number of steps between two previews
     * @param before number of steps of earlier stages
     * @param steps number of steps of the schedule
     * @param evaluations number of evaluations of an image
     */
    Steps(int every, int before, int steps, int evaluations) {
      this.every = every;
      this.before = before;
      this.steps = steps;
      this.evaluations = evaluations;
    }

    /**
     * Returns the step that an evaluation completes if it gives a preview, else 0.
     *
     * @param done evaluations of the image, this one included
     */
    int ended(int image, int done) {
      if (shown == NONE || image < shown) {
        shown = image;
      }
      if (image != shown) {
        return 0;
      }
      if (done == evaluations) {
        shown = NONE;
        return 0;
      }
      int step = step(done);
      return step / every > step(done - 1) / every ? step : 0;
    }

    private int step(int done) {
      return before + (int) ((long) done * steps / evaluations);
    }
  }
}
