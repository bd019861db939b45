package io.darkroom.onnx;

import io.darkroom.model.Findings;
import io.darkroom.model.ModelCard;
import java.util.List;
import java.util.OptionalLong;

/**
 * Measures what a package takes while it is loaded, on the loading thread: first its networks, then
 * the calls that test it, then all that stays of its loading. Where the machine cannot say, the
 * weights' files stand for the networks.
 */
final class MemoryTally {
  private static final List<String> NETWORKS =
      List.of("unet", "text_encoder", "vae_decoder", "vae_encoder", ModelPackage.VQ_DECODER);

  private final OptionalLong begin = NativeHeap.bytes();
  private OptionalLong opened = begin;
  private OptionalLong tested = begin;

  /** The networks are open, and were not run yet. */
  void opened() {
    opened = NativeHeap.bytes();
  }

  /** The networks were run with the package's own samples, by calls as they will be. */
  void tested() {
    tested = NativeHeap.bytes();
  }

  /**
   * All that the package takes when it is loaded: what larger calls than those tested left in the
   * runtime's arena, too.
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
    // What is on a GPU is not in this heap: no less than the weights.
    long bytes = Math.max(weights, now.getAsLong() - begin.getAsLong());
    return new Findings.Memory(bytes, calls, elements);
  }

  private static long weights(ModelPackage pack) {
    return NETWORKS.stream().mapToLong(each -> pack.bytes().getOrDefault(each, 0L)).sum();
  }
}
