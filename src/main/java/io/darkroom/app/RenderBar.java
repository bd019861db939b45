package io.darkroom.app;

import io.darkroom.render.Progress;
import io.darkroom.render.Settlement;
import java.util.HashMap;
import java.util.Map;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar over all requests of a command, in thousandths of a request. */
final class RenderBar implements RenderProgress {
  private static final long WHOLE = 1000;

  private final Map<String, Long> done = new HashMap<>();
  private final ProgressBar bar;

  RenderBar(int requests) {
    bar =
        new ProgressBarBuilder()
            .setTaskName("rendering")
            .setInitialMax(requests * WHOLE)
            .setUnit(" requests", WHOLE)
            .setStyle(ProgressBarStyle.COLORFUL_UNICODE_BLOCK)
            .setUpdateIntervalMillis(100)
            .build();
  }

  @Override
  public void started(Progress progress) {
    step(progress.requestId(), 0);
  }

  @Override
  public void progressed(Progress progress) {
    step(progress.requestId(), (WHOLE - 1) * progress.done() / Math.max(1, progress.wanted()));
  }

  @Override
  public Settlement ended(Settlement settled) {
    step(settled.outcome().subject(), WHOLE);
    return settled;
  }

  private synchronized void step(String request, long part) {
    done.merge(request, part, Math::max);
    bar.stepTo(done.values().stream().mapToLong(Long::longValue).sum());
  }

  @Override
  public void close() {
    bar.close();
  }
}
