package io.darkroom.app.cli;

import io.darkroom.render.JobEvent;
import io.darkroom.render.JobListener;
import io.darkroom.render.Progress;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.Map;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Shows the progress of a command: a bar on a terminal, lines elsewhere. */
sealed interface RenderProgress extends JobListener, AutoCloseable {

  static RenderProgress open(Terminal terminal, int requests) {
    return Terminal.watched() ? new RenderBar(requests) : new RenderLines(terminal.err());
  }

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
    public void happened(JobEvent event) {
      if (event instanceof JobEvent.Started started) {
        step(started.progress().requestId(), 0);
      } else if (event instanceof JobEvent.Progressed progressed) {
        Progress progress = progressed.progress();
        step(progress.requestId(), (WHOLE - 1) * progress.done() / Math.max(1, progress.wanted()));
      } else if (event instanceof JobEvent.Settled settled) {
        step(settled.settlement().outcome().subject(), WHOLE);
      }
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
    public void happened(JobEvent event) {
      if (event instanceof JobEvent.Started started) {
        started(started.progress());
      } else if (event instanceof JobEvent.Progressed progressed) {
        progressed(progressed.progress());
      }
    }

    private void started(Progress progress) {
      line(progress.requestId() + ": started, " + progress.wanted() + " evaluations");
    }

    private void progressed(Progress progress) {
      String preview = progress.preview().map(shown -> ", preview " + shown.uri()).orElse("");
      line(progress.requestId() + ": " + progress.done() + " of " + progress.wanted() + preview);
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
