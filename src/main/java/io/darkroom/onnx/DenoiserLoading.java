package io.darkroom.onnx;

import io.darkroom.model.BrokenPackage;
import io.darkroom.model.ModelCard;
import io.darkroom.model.NetworkNames;
import io.darkroom.model.TensorInfo;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Loads the denoising network of a package, if possible so that each row has its own timestep.
 * Exporters declare the timestep as a vector {@code [N]}, as a vector {@code [1]}, or as a scalar.
 * The last two are edited into a vector. If a trial shows that rows then do not use separate
 * timesteps, the network is not changed and has one timestep per run.
 *
 * @param session the loaded network
 * @param signature as declared in the package
 * @param sharedTimestep whether all rows of a run have one timestep
 * @param fused whether its attention is fused
 * @param vectored whether the timestep input was edited into a vector
 * @param split deep feature of a part of a split network; empty for a whole network
 */
record DenoiserLoading(
    Session session,
    DenoiserSignature signature,
    boolean sharedTimestep,
    boolean fused,
    boolean vectored,
    Optional<DeepFeature> split) {

  static DenoiserLoading load(ModelPackage pack, NetworkSettings settings) throws BrokenPackage {
    Path folder = pack.folder();
    OnnxGraph exported = NetworkReader.graph(folder);
    DenoiserSignature signature = DenoiserSignature.of(pack.card(), exported);
    FusedNetwork network = FusedNetwork.open(pack, exported, signature, settings);
    OnnxGraph graph = network.graph();
    Session original = network.session();
    boolean kept = false;
    try {
      Session session = original;
      boolean shared;
      Optional<TensorInfo> timestep = signature.timestep();
      if (timestep.isEmpty()) {
        shared = false;
      } else if (timestep.get().rank() == 1 && timestep.get().size(0) != 1) {
        shared = !passes(original, original, pack.card(), signature);
      } else {
        session = vectored(pack, graph, signature, original, settings);
        shared = session == original;
      }
      kept = session == original;
      return new DenoiserLoading(
          session, signature, shared, network.fused(), !kept, Optional.empty());
    } finally {
      if (!kept) {
        original.close();
      }
    }
  }

  /** Returns the same network with an adapter, which is closed with its session. */
  DenoiserLoading with(LoraFile lora) {
    return new DenoiserLoading(
        session.with(lora), signature, sharedTimestep, fused, vectored, split);
  }

  /** Returns the graph of the whole network as it was loaded. */
  OnnxGraph graph(Path folder) throws BrokenPackage {
    OnnxGraph exported = NetworkReader.graph(folder);
    OnnxGraph graph = fused ? exported.withFusedAttention() : exported;
    return vectored ? graph.withVector(NetworkNames.TIMESTEP) : graph;
  }

  /** Returns a part of this network with the same signature. */
  DenoiserLoading part(Session other, DeepFeature feature) {
    return new DenoiserLoading(
        other, signature, sharedTimestep, fused, vectored, Optional.of(feature));
  }

  /** Returns a denoiser with the given rows per run and lanes. */
  OrtDenoiser denoiser(BatchSizes rows, Lanes lanes) {
    return new OrtDenoiser(session, signature, sharedTimestep, split, rows, lanes);
  }

  /** Returns the edited network if it gives the same outputs as the original, else the original. */
  private static Session vectored(
      ModelPackage pack,
      OnnxGraph graph,
      DenoiserSignature signature,
      Session original,
      NetworkSettings settings) {
    Session edited;
    try {
      edited =
          Session.open(
              pack.folder(), graph.file(), graph.withVector(NetworkNames.TIMESTEP), settings);
    } catch (BrokenPackage e) {
      // The graph needs the scalar: keep the original.
      return original;
    }
    boolean passed = false;
    try {
      passed = passes(edited, original, pack.card(), signature);
      return passed ? edited : original;
    } finally {
      if (!passed) {
        edited.close();
      }
    }
  }

  private static boolean passes(
      Session vector, Session original, ModelCard card, DenoiserSignature signature) {
    try (OrtDenoiser together =
            new OrtDenoiser(vector, signature, false, BatchSizes.upTo(2), Lanes.ONE);
        OrtDenoiser alone =
            new OrtDenoiser(original, signature, true, BatchSizes.upTo(1), Lanes.ONE)) {
      return TimestepSharingCheck.passes(together, alone, card, signature);
    }
  }
}
