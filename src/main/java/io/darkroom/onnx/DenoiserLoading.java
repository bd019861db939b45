package io.darkroom.onnx;

import io.darkroom.model.BrokenPackage;
import io.darkroom.model.ModelCard;
import java.nio.file.Path;

/**
 * Loads the denoising network of a package in the form in which each row can have its own timestep,
 * where there is one. Exporters differ: a vector {@code [N]}, a vector that is declared {@code
 * [1]}, a scalar. What is not a vector is edited into one; where a trial shows that rows then do
 * not get their own timesteps, the network stays as it is and gets one timestep per run.
 *
 * @param session the loaded network
 * @param signature as declared in the package
 * @param sharedTimestep whether one timestep stands for all rows of a run
 */
record DenoiserLoading(Session session, DenoiserSignature signature, boolean sharedTimestep) {

  static DenoiserLoading load(ModelPackage pack, NetworkSettings settings) throws BrokenPackage {
    Path folder = pack.folder();
    OnnxGraph graph = OnnxGraph.read(folder, ModelPackage.UNET);
    DenoiserSignature signature = DenoiserSignature.of(pack.card(), graph);
    Session original = Session.open(folder, ModelPackage.UNET, settings);
    boolean kept = false;
    try {
      Session session = original;
      boolean shared;
      if (signature.timestep().rank() == 1 && signature.timestep().size(0) != 1) {
        shared = !passes(original, original, pack.card(), signature);
      } else {
        session = vectored(pack, graph, signature, original, settings);
        shared = session == original;
      }
      kept = session == original;
      return new DenoiserLoading(session, signature, shared);
    } finally {
      if (!kept) {
        original.close();
      }
    }
  }

  OrtDenoiser denoiser(BatchSizes rows) {
    return new OrtDenoiser(session, signature, sharedTimestep, rows);
  }

  /** The edited network where it does what the original does, else the original. */
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
              pack.folder(), ModelPackage.UNET, graph.withVector(NetworkReader.TIMESTEP), settings);
    } catch (BrokenPackage e) {
      // The graph needs the scalar: the original stays.
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
    try (OrtDenoiser together = new OrtDenoiser(vector, signature, false, BatchSizes.upTo(2));
        OrtDenoiser alone = new OrtDenoiser(original, signature, true, BatchSizes.upTo(1))) {
      return TimestepSharingCheck.passes(together, alone, card, signature);
    }
  }
}
