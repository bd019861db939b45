package io.darkroom.engine;

import io.darkroom.model.Shape;
import java.util.List;
import java.util.Map;

/**
 * What the engine held between two turns.
 *
 * @param slotsInUse images under way
 * @param waiting requests with images that have no slot yet
 * @param oldestWaitNanos since the longest waiting of them was submitted; 0 where none waits
 * @param buckets what shares calls now
 * @param backlogSeconds of the device that all of it still needs, by the package's name
 * @param models the packages, by name
 */
public record EngineSnapshot(
    int slotsInUse,
    int waiting,
    long oldestWaitNanos,
    List<BucketRows> buckets,
    Map<String, Double> backlogSeconds,
    Map<String, Model> models) {
  /** An engine that does nothing. */
  public static final EngineSnapshot IDLE =
      new EngineSnapshot(0, 0, 0, List.of(), Map.of(), Map.of());

  public EngineSnapshot {
    buckets = List.copyOf(buckets);
    backlogSeconds = Map.copyOf(backlogSeconds);
    models = Map.copyOf(models);
  }

  /**
   * One package.
   *
   * @param bytes of memory that it takes; 0 where it is closed
   * @param loads times that it was opened
   */
  public record Model(long bytes, long loads) {}

  /**
   * One bucket.
   *
   * @param model the package's name
   * @param sample {@code [C, H, W]}
   * @param rows that wait for their next evaluation
   */
  public record BucketRows(String model, Shape sample, int rows) {}
}
