package io.darkroom.demo;

import java.io.PrintStream;
import java.util.Locale;

/** Prints a line for each begin and end, and from time to time one for the progress. */
final class LineDisplay implements Display {
  private static final long PAUSE_NANOS = 2_000_000_000L;

  private final PrintStream out;
  private final long begin = System.nanoTime();
  private long last;

  LineDisplay(PrintStream out) {
    this.out = out;
  }

  @Override
  public void show(String id, Notice notice) {
    long now = System.nanoTime() - begin;
    boolean preview = notice.data().has("preview");
    if (notice.what().equals("progressed") && !preview && now - last < PAUSE_NANOS) {
      return;
    }
    last = now;
    out.printf(Locale.ROOT, "%6.1f s  %-16s %s%n", now / 1e9, id, text(notice));
  }

  private static String text(Notice notice) {
    return switch (notice.what()) {
      case "started" -> "started, " + notice.data().path("evaluations_wanted") + " evaluations";
      case "progressed" ->
          notice.data().path("evaluations_done")
              + " of "
              + notice.data().path("evaluations_wanted")
              + (notice.data().has("preview") ? ", preview " + preview(notice) : "");
      case "completed" ->
          "completed, "
              + Math.round(notice.data().path("timings_ms").path("total").asDouble())
              + " ms";
      default -> notice.what() + ": " + notice.data().path("error").path("message").asText();
    };
  }

  private static String preview(Notice notice) {
    return notice.data().path("preview").path("uri").asText();
  }

  @Override
  public void close() {
    out.flush();
  }
}
