package io.darkroom.onnx;

import io.darkroom.engine.DeviceFailure;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.ModelCard;
import org.jboss.logging.Logger;

/**
 * A denoising network with fused attention if the settings ask for it, and if its outputs for test
 * inputs at three timesteps are close to those of the exported network; otherwise as exported.
 *
 * @param graph the graph that was loaded
 * @param session the loaded network
 * @param fused whether attention is fused
 */
record FusedNetwork(OnnxGraph graph, Session session, boolean fused) {
  /**
   * Maximum difference as a share of the largest output: far above the rounding of another order of
   * sums in float32 (1e-6), far below what can be seen.
   */
  static final double TOLERANCE = 1e-4;

  private static final Logger LOG = Logger.getLogger(FusedNetwork.class);

  static FusedNetwork open(
      ModelPackage pack, OnnxGraph exported, DenoiserSignature signature, NetworkSettings settings)
      throws BrokenPackage {
    FusedNetwork plain = new FusedNetwork(exported, exported.open(pack.folder(), settings), false);
    if (!settings.fuse()) {
      return plain;
    }
    OnnxGraph graph = exported.withFusedAttention();
    if (graph == exported) {
      LOG.infof("nothing to fuse model=%s", pack.card().name());
      return plain;
    }
    boolean done = false;
    try {
      FusedNetwork chosen = proven(graph, plain, pack, signature, settings);
      done = true;
      return chosen;
    } finally {
      if (!done) {
        plain.session.close();
      }
    }
  }

  /** Returns the fused network and closes the plain one if their outputs are close. */
  private static FusedNetwork proven(
      OnnxGraph graph,
      FusedNetwork plain,
      ModelPackage pack,
      DenoiserSignature signature,
      NetworkSettings settings) {
    String model = pack.card().name();
    Session session;
    try {
      session = graph.open(pack.folder(), settings);
    } catch (BrokenPackage refused) {
      LOG.warnf("not fused model=%s reason=\"%s\"", model, refused.getMessage());
      return plain;
    }
    boolean close = false;
    try {
      double difference = difference(session, plain.session, pack.card(), signature);
      close = difference <= TOLERANCE;
      LOG.infof(
          "%s model=%s attention=%d difference=%.1e allowed=%.0e",
          close ? "fused" : "not fused", model, graph.fusedAttention(), difference, TOLERANCE);
    } finally {
      (close ? plain.session : session).close();
    }
    return close ? new FusedNetwork(graph, session, true) : plain;
  }

  /**
   * Returns the largest difference of their outputs for ordinary inputs; infinity if the fused
   * network refuses them.
   */
  private static double difference(
      Session fused, Session plain, ModelCard card, DenoiserSignature signature) {
    try (OrtDenoiser one = alone(fused, signature);
        OrtDenoiser other = alone(plain, signature)) {
      double most = Double.NaN;
      for (double span : TestInputs.spans(signature)) {
        most =
            TestInputs.atEachTimestep(card, signature, 2, span).stream()
                .mapToDouble(inputs -> difference(one, other, inputs))
                .reduce(0, Math::max);
        if (!Double.isNaN(most)) {
          return most;
        }
      }
      return most;
    }
  }

  private static double difference(OrtDenoiser fused, OrtDenoiser plain, TestInputs inputs) {
    double most = 0;
    for (int row = 0; row < inputs.count(); row++) {
      float[] expected = inputs.run(plain, row).get(0);
      try {
        float[] given = inputs.run(fused, row).get(0);
        most = Math.max(most, TimestepSharingCheck.difference(given, expected));
      } catch (DeviceFailure e) {
        if (e.kind() != DeviceFailure.Kind.REFUSED) {
          throw e;
        }
        return Double.POSITIVE_INFINITY;
      }
    }
    return most;
  }

  private static OrtDenoiser alone(Session session, DenoiserSignature signature) {
    return new OrtDenoiser(session, signature, true, BatchSizes.upTo(1), Lanes.ONE);
  }
}
