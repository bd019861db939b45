package io.darkroom.engine;

import io.darkroom.job.Size;
import io.darkroom.model.Tensor;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The picture that a stage begins with, {@code [3, h, w]} in [-1, 1]: read by another thread when
 * the engine has room for it, so that a job that waits holds none. Safe for use by any thread.
 */
public final class Source {
  private final Size size;
  private final long readingBytes;
  private final CompletableFuture<Void> room = new CompletableFuture<>();
  private final CompletableFuture<Tensor> picture;

  private Source(Size size, long readingBytes, CompletableFuture<Tensor> picture) {
    this.size = size;
    this.readingBytes = readingBytes;
    this.picture = picture;
  }

  /** A picture that is there. */
  public static Source of(Tensor picture) {
    return new Source(size(picture), 0, CompletableFuture.completedFuture(picture));
  }

  /**
   * A picture of this size that is still to be read.
   *
   * @param readingBytes of the Java heap while it is read
   */
  public static Source unread(Size size, long readingBytes) {
    return new Source(size, readingBytes, new CompletableFuture<>());
  }

  /** Its width and height in pixels. */
  public Size size() {
    return size;
  }

  /**
   * Completed on the engine thread when there is room to read it, or when the job has ended before;
   * what depends on it must not block.
   */
  public CompletableFuture<Void> room() {
    return room;
  }

  /**
   * It is read.
   *
   * @throws IllegalArgumentException where it is not of the size that was announced
   */
  public void give(Tensor read) {
    if (!size(read).equals(size)) {
      throw new IllegalArgumentException("picture: must be " + size + ", is " + size(read));
    }
    picture.complete(read);
  }

  boolean isRead() {
    return picture.isDone();
  }

  /** The picture, once it {@link #isRead()}. */
  Tensor picture() {
    @Nullable Tensor read = picture.getNow(null);
    if (read == null) {
      throw new IllegalStateException("picture: is not read yet");
    }
    return read;
  }

  /** Does something that cannot fail when it is read, on the thread that gives it. */
  @SuppressWarnings("FutureReturnValueIgnored") // there is nothing that it could tell
  void whenRead(Runnable action) {
    picture.thenRun(action);
  }

  /** What it takes of the Java heap beside what the stage keeps: most while it is read. */
  long readingBytes() {
    return isRead() ? 0 : readingBytes;
  }

  private static Size size(Tensor picture) {
    return new Size(picture.shape().width(), picture.shape().height());
  }
}
