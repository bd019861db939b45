package io.darkroom.app.cli;

import io.darkroom.render.Progress;
import io.darkroom.render.ProgressSink;
import io.darkroom.render.Settlement;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.Map;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows the progress of a command: a bar on a terminal, lines elsewhere. */
sealed interface RenderProgress extends ProgressSink, AutoCloseable {

  static RenderProgress open(Terminal terminal, int requests) {
    return Terminal.watched() ? new RenderBar(requests) : new RenderLines(terminal.err());
  }

  /** Marks a request as ended; returns its settlement. */
  Settlement ended(Settlement settled);

  @Override
  void close();

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

  /** A line when a request starts, and one for each progress event. */
  final class RenderLines implements RenderProgress {
    private final PrintWriter err;

    RenderLines(PrintWriter err) {
      this.err = err;
    }

    @Override
    public void started(Progress progress) {
      line(progress.requestId() + ": started, " + progress.wanted() + " evaluations");
    }

    @Override
    public void progressed(Progress progress) {
      String preview = progress.preview().map(shown -> ", preview " + shown.uri()).orElse("");
      line(progress.requestId() + ": " + progress.done() + " of " + progress.wanted() + preview);
    }

    @Override
    public Settlement ended(Settlement settled) {
      return settled;
    }

    private synchronized void line(String text) {
      err.println(text);
      err.flush();
    }

    @Override
    public void close() {
      err.flush();
    }
  }
}
