package io.darkroom.render;

import io.darkroom.job.Fingerprint;
import io.darkroom.job.ImageRef;
import io.darkroom.job.Manifest;
import io.darkroom.job.Output;
import io.darkroom.job.RenderOutcome;
import io.darkroom.job.RenderRequest;
import io.darkroom.json.Decoded;
import io.darkroom.json.RequestCodec;
import io.darkroom.model.Tensor;
import io.darkroom.plan.RenderPlan;
import io.darkroom.plan.Stage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Encodes and stores the pictures of a job, then commits its manifest. If the store fails, the
 * finished pictures are kept and stored again with the retry policy, so nothing is rendered twice.
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
    this.retry = new Retry(settings.retries(), ResultStore::isRetryable);
  }

  /**
   * Stores the pictures. Returns their manifest, which is not written yet.
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
    List<Fingerprint> fingerprints = prepared.fingerprints(settings.workerVersion());
    Fingerprint last = fingerprints.get(fingerprints.size() - 1);
    List<Stage.Image> images = plan.last().images();
    PictureEncoder encoder =
        new PictureEncoder(plan, plan.last(), last, settings.pngLevel(), rendered.source());
    List<OutputWriter.EncodedPicture> encoded =
        encoder.encode(() -> rendered.take().pixels(), images);
    phases.encoded();
    List<Manifest.OutputFile> files =
        withRetries(
            () -> {
              keepInputs(prepared, rendered);
              return outputs.write(folder, encoded, images, effective.output());
            });
    phases.uploaded();
    List<String> warnings = new ArrayList<>(prepared.warnings());
    warnings.addAll(encoder.warnings());
    Manifest manifest =
        new Manifest(
            effective.id().value(),
            valid.sha256(),
            RequestCodec.tree(effective),
            files,
            List.copyOf(rendered.inputs().values()),
            stages(plan, fingerprints, rendered),
            phases.timings(),
            plan.steps(),
            rendered.evaluations(),
            phases.delivery().attempts(),
            warnings,
            effective.options().metadata(),
            Optional.empty());
    return settings.signer().sign(manifest);
  }

  private static List<Manifest.RenderedStage> stages(
      RenderPlan plan, List<Fingerprint> fingerprints, Rendered rendered) {
    List<Manifest.RenderedStage> stages = new ArrayList<>();
    for (Stage stage : plan.stages()) {
      int number = stages.size();
      stages.add(
          new Manifest.RenderedStage(
              stage.model().name(), fingerprints.get(number), rendered.kept(number)));
    }
    return stages;
  }

  /**
   * Stores the pictures of a stage that is not the last, if the request keeps them. No manifest
   * names them yet.
   *
   * @param stage index of the stage, from 0
   * @param inputs files of the request's inputs, by pointer
   * @param source what the pictures take from the picture that they enlarge
   */
  List<Manifest.OutputFile> keep(
      Prepared prepared,
      ObjectUri folder,
      int stage,
      List<Tensor> pictures,
      Map<String, Manifest.InputFile> inputs,
      SourceDetails source)
      throws RenderFailure {
    RenderPlan plan = recorded(prepared.plan(), inputs);
    Output output = plan.effective().output();
    if (!output.keepIntermediate()) {
      return List.of();
    }
    List<Stage.Image> images = plan.stages().get(stage).images();
    Fingerprint fingerprint = prepared.fingerprint(stage, settings.workerVersion());
    List<OutputWriter.EncodedPicture> encoded =
        new PictureEncoder(plan, plan.stages().get(stage), fingerprint, settings.pngLevel(), source)
            .encode(pictures.iterator()::next, images);
    ObjectUri place = folder.child("stage-" + stage + "/");
    return withRetries(() -> outputs.write(place, encoded, images, output));
  }

  /** Commits the request: writes the manifest unless there is already one. */
  RenderOutcome commit(ObjectUri folder, Manifest manifest) throws RenderFailure {
    return withRetries(() -> manifests.commit(folder, manifest));
  }

  /** Replaces inline pictures in the plan with their addresses and digests. */
  private static RenderPlan recorded(RenderPlan plan, Map<String, Manifest.InputFile> read) {
    Map<String, ImageRef> stored = new HashMap<>();
    read.forEach(
        (pointer, file) ->
            stored.put(pointer, new ImageRef.Stored(file.uri(), Optional.of(file.sha256()))));
    RenderRequest effective = plan.effective();
    return plan.withEffective(effective.withStage(effective.stage().withReferences(stored)));
  }

  private static boolean isRetryable(RuntimeException failure) {
    return failure instanceof ObjectStore.StoreFailure store && !store.refused();
  }

  private <T> T withRetries(Retry.Call<T, RenderFailure> call) throws RenderFailure {
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
