package io.darkroom.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.job.ErrorClass;
import io.darkroom.job.Problem;
import io.darkroom.job.RenderOutcome;
import io.darkroom.json.RequestCodec;
import io.darkroom.render.Account;
import io.darkroom.render.Delivery;
import io.darkroom.render.Intake;
import io.darkroom.render.ObjectUri;
import io.darkroom.render.ServedModels;
import io.darkroom.render.Settlement;
import io.darkroom.replay.ManifestFinder;
import io.darkroom.replay.ReplayReport;
import io.darkroom.replay.Replayer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The limit of {@code --requests-per-minute}, on a clock that only the test moves. */
class ReplayRunTest {
  private static final ObjectUri MANIFEST = ObjectUri.parse("s3://pictures/one/manifest.json");

  private final AtomicLong nanos = new AtomicLong();
  private final List<Long> starts = new CopyOnWriteArrayList<>();
  private final StringWriter out = new StringWriter();
  private long renderSeconds;
  @TempDir Path folder;

  @Test
  void requestsBeginAtMostAtTheGivenRate() throws Exception {
    replay(4, 6);
    assertThat(starts).containsExactly(0L, 10L, 20L, 30L);

    renderSeconds = 4;
    replay(3, 6);
    assertThat(starts).as("pauses of 6 s").containsExactly(30L, 40L, 50L);

    renderSeconds = 25;
    replay(3, 6);
    assertThat(starts).as("no pauses").containsExactly(54L, 79L, 104L);
  }

  @Test
  void withoutALimitThereAreNoPauses() throws Exception {
    replay(3, null);

    assertThat(starts).containsExactly(0L, 0L, 0L);
  }

  private void replay(int requests, @Nullable Integer perMinute) throws Exception {
    starts.clear();
    Pace pace = new Pace(perMinute, nanos::get, nanos::addAndGet);
    Replayer replayer =
        new Replayer(
            new Noting(),
            new ServedModels(Map.of()),
            "1.0",
            ObjectUri.parse("s3://replays/"),
            Clock.systemUTC());
    Terminal terminal = new Terminal(new PrintWriter(out), new PrintWriter(out));
    ReplayRun run = new ReplayRun(replayer, new ReplayReport(), terminal, 1, pace);
    ManifestFinder.Found found = found();
    for (int i = 0; i < requests; i++) {
      run.visit(found);
    }
    run.finish();
  }

  private ManifestFinder.Found found() throws Exception {
    FolderStore store = new FolderStore(folder);
    byte[] example = Files.readAllBytes(Path.of("schemas/examples/events/completed.json"));
    store.put(MANIFEST, example, "application/json");
    RequestCodec codec = new RequestCodec(RequestCodec.DEFAULT_MAX_BYTES);
    return new ManifestFinder(store, LocalRender.PREFIX, codec).at(MANIFEST).orElseThrow();
  }

  /** Notes when requests begin, in seconds, and takes the time of a render. */
  private final class Noting implements Intake {
    @Override
    public Settlement settle(Delivery delivery) {
      starts.add(TimeUnit.NANOSECONDS.toSeconds(nanos.get()));
      nanos.addAndGet(TimeUnit.SECONDS.toNanos(renderSeconds));
      Problem problem = Problem.of(ErrorClass.MODEL, "not rendered");
      return new Settlement(
          new RenderOutcome.Rejected("one", "", problem), false, Account.empty(Instant.EPOCH));
    }

    @Override
    public Settlement giveUp(Delivery delivery, Problem problem) {
      throw new AssertionError("a replay must not give up a request: " + problem.message());
    }
  }
}
