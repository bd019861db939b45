package io.darkroom.onnx;

import io.darkroom.engine.Denoiser;
import io.darkroom.engine.DeviceFailure;
import io.darkroom.engine.Pass;
import io.darkroom.model.BrokenPackage;
import java.util.HashMap;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * The denoising network of a package, split at the depths that requests ask for. Each is opened and
 * tested when it is needed for the first time. Engine thread only.
 */
final class SplitNetworks implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(SplitNetworks.class);

  /** Parts of a split network; the shallow one is smaller than the whole. */
  private static final int PARTS = 2;

  private final ModelPackage pack;
  private final NetworkSettings settings;
  private final DenoiserLoading base;
  private final PackageProver.Proof proof;
  private final Map<Integer, SplitNetwork> open = new HashMap<>();
  private final Map<Integer, String> refused = new HashMap<>();

  SplitNetworks(
      ModelPackage pack,
      NetworkSettings settings,
      DenoiserLoading base,
      PackageProver.Proof proof) {
    this.pack = pack;
    this.settings = settings;
    this.base = base;
    this.proof = proof;
  }

  /**
   * Returns the network of a pass.
   *
   * @throws DeviceFailure if the network cannot be split at this depth, or if there is no memory
   */
  Denoiser denoiser(Pass pass) {
    SplitNetwork split = open.get(pass.depth());
    if (split == null) {
      split = opened(pass.depth());
      open.put(pass.depth(), split);
    }
    return split.denoiser(pass);
  }

  private SplitNetwork opened(int depth) {
    String reason = refused.get(depth);
    if (reason != null) {
      throw DeviceFailure.refused(reason);
    }
    String name = pack.card().name();
    try {
      SplitNetwork split = SplitNetwork.open(pack, settings, base, proof.rows().most(), depth);
      LOG.infof("model split for the cache model=%s depth=%d", name, depth);
      return split;
    } catch (BrokenPackage | RunLimit.Exceeded e) {
      String message =
          "cache: %s cannot be split at depth %d: %s".formatted(name, depth, e.getMessage());
      refused.put(depth, message);
      throw DeviceFailure.refused(message);
    }
  }

  /**
   * Returns the bytes of the open parts, and of those of another depth.
   *
   * @param depth depth that is needed; 0 for none
   */
  long bytesWith(int depth) {
    long count = open.size() + (depth == 0 || open.containsKey(depth) ? 0L : 1L);
    return count * bytes();
  }

  /** Returns the bytes of the parts of one depth, at most. */
  private long bytes() {
    long weights = pack.bytes().getOrDefault(ModelPackage.denoiser(pack.folder()), 0L);
    return PARTS * (weights + proof.findings().memory().callBytes());
  }

  @Override
  public void close() {
    open.values().forEach(SplitNetwork::close);
    open.clear();
  }
}
