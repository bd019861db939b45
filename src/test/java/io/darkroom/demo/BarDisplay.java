package io.darkroom.demo;

import java.io.PrintStream;
import java.util.HashMap;
import java.util.Map;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar over all requests, in thousandths of a request, on a terminal. */
final class BarDisplay implements Display {
  private static final long WHOLE = 1000;

  private final ProgressBar bar;
  private final Map<String, Long> done = new HashMap<>();

  BarDisplay(PrintStream out, int requests) {
    bar =
        new ProgressBarBuilder()
            .setTaskName("rendering")
            .setInitialMax(requests * WHOLE)
            .setUnit(" requests", WHOLE)
            .setStyle(ProgressBarStyle.COLORFUL_UNICODE_BLOCK)
            .setUpdateIntervalMillis(100)
            .hideEta()
            .setConsumer(new ConsoleProgressBarConsumer(out))
            .build();
  }

  @Override
  public void show(String id, Notice notice) {
    long part = notice.terminal() ? WHOLE : part(notice);
    done.merge(id, part, Math::max);
    bar.stepTo(done.values().stream().mapToLong(Long::longValue).sum());
    bar.setExtraMessage(id + " " + notice.what());
  }

  private static long part(Notice notice) {
    long wanted = Math.max(1, notice.data().path("evaluations_wanted").asLong(1));
    return Math.min(WHOLE - 1, WHOLE * notice.data().path("evaluations_done").asLong(0) / wanted);
  }

  @Override
  public void close() {
    bar.close();
  }
}
