package io.darkroom.onnx;

import io.darkroom.model.Findings;
import io.darkroom.model.ModelCard;
import java.util.OptionalLong;

/**
 * Measures the memory of a package while it is loaded, on the loading thread: its networks, the
 * calls that test it, and everything that remains after loading. If the machine cannot report
 * memory, the size of the weights is used for the networks.
 */
final class MemoryTally {
  private final OptionalLong begin = NativeHeap.bytes();
  private OptionalLong opened = begin;
  private OptionalLong tested = begin;

  /** Measures after the networks are opened, before they run. */
  void opened() {
    opened = NativeHeap.bytes();
  }

  /** Measures after the networks ran with the package's default samples, in calls as used later. */
  void tested() {
    tested = NativeHeap.bytes();
  }

  /**
   * Returns the memory of the loaded package, including what calls larger than the tested ones left
   * in the runtime's arena.
   */
  Findings.Memory loaded(ModelPackage pack) {
    OptionalLong now = NativeHeap.bytes();
    long weights = weights(pack);
    ModelCard card = pack.card();
    int elements = TestInputs.shape(card).size();
    if (begin.isEmpty() || opened.isEmpty() || tested.isEmpty() || now.isEmpty()) {
      return new Findings.Memory(weights, 0, elements);
    }
    long calls = Math.max(0, tested.getAsLong() - opened.getAsLong());
    // GPU memory is not in this heap: use at least the size of the weights.
    long bytes = Math.max(weights, now.getAsLong() - begin.getAsLong());
    return new Findings.Memory(bytes, calls, elements);
  }

  private static long weights(ModelPackage pack) {
    return PackageFiles.NETWORKS.stream()
        .mapToLong(each -> pack.bytes().getOrDefault(each, 0L))
        .sum();
  }
}
