package io.darkroom.engine;

import io.darkroom.model.Shape;
import io.darkroom.model.Tensor;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The input pictures of a stage, {@code [3, h, w]} in [-1, 1], and its tensors, with the rows
 * first, by their pointers in the request: the same for all images, or those of each image. Another
 * thread reads them when the engine has memory for them, so a waiting job holds none. Safe for use
 * by any thread.
 */
public final class StageInputs {
  private final Map<String, Shape> shapes;
  private final long readingBytes;
  private final CompletableFuture<Void> room = new CompletableFuture<>();
  private final CompletableFuture<List<Map<String, Tensor>>> pictures;

  private StageInputs(
      Map<String, Shape> shapes,
      long readingBytes,
      CompletableFuture<List<Map<String, Tensor>>> pictures) {
    this.shapes = Map.copyOf(shapes);
    this.readingBytes = readingBytes;
    this.pictures = pictures;
  }

  /** Creates inputs that are already read, the same for all images. */
  public static StageInputs of(Map<String, Tensor> pictures) {
    return ofEach(List.of(pictures));
  }

  /**
   * Creates inputs that are already read.
   *
   * @param pictures the pictures of each image, of the same shapes; or one map for all
   */
  public static StageInputs ofEach(List<Map<String, Tensor>> pictures) {
    return new StageInputs(
        shapes(pictures.get(0)), 0, CompletableFuture.completedFuture(List.copyOf(pictures)));
  }

  /**
   * Creates inputs that must still be read.
   *
   * @param shapes their shapes
   * @param readingBytes bytes of the Java heap while they are read
   */
  public static StageInputs unread(Map<String, Shape> shapes, long readingBytes) {
    return new StageInputs(shapes, readingBytes, new CompletableFuture<>());
  }

  /** Returns the shapes. */
  public Map<String, Shape> shapes() {
    return shapes;
  }

  /**
   * Completes on the engine thread when there is memory to read the pictures, or when the job has
   * ended before that; dependent actions must not block.
   */
  public CompletableFuture<Void> room() {
    return room;
  }

  /**
   * Gives the pictures of all images to the engine.
   *
   * @throws IllegalArgumentException if they do not have the announced shapes
   */
  public void give(Map<String, Tensor> read) {
    giveEach(List.of(read));
  }

  /**
   * Gives the pictures of each image to the engine, or one for all.
   *
   * @throws IllegalArgumentException if they do not have the announced shapes
   */
  public void giveEach(List<Map<String, Tensor>> read) {
    for (Map<String, Tensor> each : read) {
      if (!shapes(each).equals(shapes)) {
        throw new IllegalArgumentException("images: must be " + shapes + ", are " + shapes(each));
      }
    }
    pictures.complete(List.copyOf(read));
  }

  boolean isRead() {
    return pictures.isDone();
  }

  /**
   * Returns the pictures of each image, or one map for all, after they {@link #isRead() are read}.
   */
  List<Map<String, Tensor>> pictures() {
    @Nullable List<Map<String, Tensor>> read = pictures.getNow(null);
    if (read == null) {
      throw new IllegalStateException("images: are not read yet");
    }
    return read;
  }

  /**
   * Runs an action when the pictures are read, on the thread that gives them. The action must not
   * throw.
   */
  @SuppressWarnings("FutureReturnValueIgnored") // there is nothing that it could report
  void whenRead(Runnable action) {
    pictures.thenRun(action);
  }

  /** Returns the additional bytes of the Java heap while the pictures are read. */
  long readingBytes() {
    return isRead() ? 0 : readingBytes;
  }

  private static Map<String, Shape> shapes(Map<String, Tensor> pictures) {
    return pictures.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, each -> each.getValue().shape()));
  }
}
