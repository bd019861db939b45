package io.darkroom.render;

import io.darkroom.job.Fingerprint;
import io.darkroom.job.ImageRef;
import io.darkroom.job.Manifest;
import io.darkroom.job.RenderOutcome;
import io.darkroom.job.RenderRequest;
import io.darkroom.json.Decoded;
import io.darkroom.json.RequestCodec;
import io.darkroom.plan.PlanDigest;
import io.darkroom.plan.RenderPlan;
import io.darkroom.plan.Stage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Encodes and stores the pictures of a job, then commits its manifest. If the store fails, the
 * finished pictures are kept and the retry policy applies, so nothing is rendered twice.
 */
final class ResultStore {
  private final RenderSettings settings;
  private final Manifests manifests;
  private final ObjectStore results;
  private final OutputWriter outputs;
  private final Retry retry;

  ResultStore(ObjectStore results, Manifests manifests, RenderSettings settings) {
    this.settings = settings;
    this.manifests = manifests;
    this.results = results;
    this.outputs = new OutputWriter(results);
    this.retry = new Retry(settings.retries(), ResultStore::mayComeBack);
  }

  /**
   * Stores the pictures and returns their manifest, which is not written yet.
   *
   * @param folder folder of the request's objects
   * @param phases records the end of encoding and upload
   * @throws ObjectStore.StoreFailure if the store still fails after the last retry
   */
  Manifest store(
      Decoded.Valid valid, Prepared prepared, Rendered rendered, ObjectUri folder, Phases phases)
      throws RenderFailure {
    RenderPlan plan = recorded(prepared.plan(), rendered.inputs());
    RenderRequest effective = plan.effective();
    Stage stage = plan.stage();
    Fingerprint fingerprint = prepared.fingerprint(settings.workerVersion());
    PictureEncoder encoder = new PictureEncoder(plan, fingerprint, settings.pngLevel());
    List<OutputWriter.EncodedPicture> encoded = encoder.encode(rendered, stage.parts());
    phases.encoded();
    List<Manifest.OutputFile> files =
        insist(
            () -> {
              keepInputs(prepared, rendered);
              return outputs.write(folder, encoded, stage.parts(), effective.output());
            });
    phases.uploaded();
    Manifest manifest =
        new Manifest(
            effective.id().value(),
            valid.sha256(),
            RequestCodec.tree(effective),
            files,
            List.copyOf(rendered.inputs().values()),
            List.of(
                new Manifest.RenderedStage(
                    stage.model().name(), Optional.of(PlanDigest.of(stage)), fingerprint)),
            phases.timings(),
            plan.steps(),
            rendered.evaluations(),
            phases.delivery().attempts(),
            prepared.warnings(),
            effective.options().metadata(),
            Optional.empty());
    return settings.signer().sign(manifest);
  }

  /** Commits the request: writes the manifest unless there is one. */
  RenderOutcome commit(ObjectUri folder, Manifest manifest) throws RenderFailure {
    return insist(() -> manifests.commit(folder, manifest));
  }

  /** Replaces inline pictures in the plan by their addresses and digests. */
  private static RenderPlan recorded(RenderPlan plan, Map<String, Manifest.InputFile> read) {
    Map<String, ImageRef> stored = new HashMap<>();
    read.forEach(
        (pointer, file) ->
            stored.put(pointer, new ImageRef.Stored(file.uri(), Optional.of(file.sha256()))));
    RenderRequest effective = plan.effective();
    return plan.withEffective(effective.withStage(effective.stage().withReferences(stored)));
  }

  private static boolean mayComeBack(RuntimeException failure) {
    return failure instanceof ObjectStore.StoreFailure store && !store.refused();
  }

  private <T> T insist(Retry.Call<T, RenderFailure> call) throws RenderFailure {
    try {
      return retry.call(call);
    } catch (ObjectStore.StoreFailure failure) {
      throw failure.refused() ? failure : failure.asLasting();
    }
  }

  private void keepInputs(Prepared prepared, Rendered rendered) throws RenderFailure {
    for (InputReader.Announced input : prepared.inputs()) {
      Manifest.@Nullable InputFile file = rendered.inputs().get(input.pointer());
      if (file != null) {
        InputReader.keep(input.ref(), file, results);
      }
    }
  }
}
