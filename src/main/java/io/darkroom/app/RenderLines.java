package io.darkroom.app;

import io.darkroom.render.Progress;
import io.darkroom.render.Settlement;
import java.io.PrintWriter;

/** A line for each begin, and now and then one of what lies between. */
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
