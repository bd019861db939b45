package io.darkroom.app.cli;

import io.darkroom.app.Configured;
import io.darkroom.app.DarkroomConfig;
import io.darkroom.json.RequestCodec;
import io.darkroom.render.JobListener;
import io.darkroom.render.ObjectStore;
import io.darkroom.render.ObjectUri;
import io.darkroom.render.RenderPipeline;
import io.darkroom.render.RenderSettings;
import io.darkroom.replay.ManifestFinder;
import io.darkroom.replay.Replayer;
import java.time.Clock;
import java.util.HashSet;
import java.util.Set;

/** Replays on an engine in this process, with results in a folder or in the store. */
final class LocalReplay {
  private LocalReplay() {}

  /**
   * Creates a replayer that reads inputs from the original store.
   *
   * @param output place of the new results
   * @throws ObjectStore.StoreFailure if it is in the store and cannot be written
   */
  static Replayer replayer(
      DarkroomConfig config, LocalEngine engine, Originals originals, ReplayOutput output) {
    output.check(originals);
    ObjectUri prefix = output.prefix();
    ObjectStore store = store(originals, output);
    RenderPipeline pipeline =
        new LocalRender(config, engine, store, JobListener.NONE)
            .pipeline(Set.of(prefix.bucket()), inputs(config, originals));
    return new Replayer(
        pipeline,
        engine.models(),
        Configured.render(config).workerVersion(),
        prefix,
        Clock.systemUTC());
  }

  /** Creates a finder for the first renders of requests. */
  static ManifestFinder finder(DarkroomConfig config, Originals originals) {
    return new ManifestFinder(
        originals.store(),
        originals.defaultPrefix(config),
        new RequestCodec(config.limits().requestBytes()));
  }

  /** Returns a store with the original objects and those of the replay. */
  static ObjectStore store(Originals originals, ReplayOutput output) {
    return output.store(originals);
  }

  /**
   * Returns the buckets from which workers read pictures and in which they store inline ones. For a
   * local folder these are all its buckets.
   */
  private static Set<String> inputs(DarkroomConfig config, Originals originals) {
    RenderSettings worker = Configured.render(config);
    Set<String> buckets = new HashSet<>(worker.inputBuckets());
    buckets.addAll(worker.outputBuckets());
    buckets.add(LocalRender.PREFIX.bucket());
    buckets.addAll(originals.localBuckets());
    return buckets;
  }
}
