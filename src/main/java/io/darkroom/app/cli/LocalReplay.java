package io.darkroom.app.cli;

import io.darkroom.app.Configured;
import io.darkroom.app.DarkroomConfig;
import io.darkroom.render.JobListener;
import io.darkroom.render.ObjectStore;
import io.darkroom.render.ObjectUri;
import io.darkroom.render.RenderPipeline;
import io.darkroom.replay.ReplayStore;
import io.darkroom.replay.Replayer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.Set;

/** Replays on an engine in this process, with results in a folder. */
final class LocalReplay {
  private static final ObjectUri PREFIX = ObjectUri.parse("s3://replays/");

  private LocalReplay() {}

  /**
   * A replayer that reads inputs from the original store.
   *
   * @param output folder of the new results
   */
  static Replayer replayer(
      DarkroomConfig config, LocalEngine engine, Originals originals, Path output) {
    ObjectStore store = new ReplayStore(originals.store(), new FolderStore(output), PREFIX);
    RenderPipeline pipeline =
        new LocalRender(config, engine, store, JobListener.NONE)
            .pipeline(Set.of(PREFIX.bucket()), inputs(config));
    return new Replayer(pipeline, PREFIX, Clock.systemUTC());
  }

  /** Buckets that workers read pictures from and keep inline ones in. */
  private static Set<String> inputs(DarkroomConfig config) {
    Set<String> buckets = new HashSet<>(Configured.render(config).inputBuckets());
    buckets.addAll(Configured.render(config).outputBuckets());
    buckets.add(LocalRender.PREFIX.bucket());
    return buckets;
  }
}
