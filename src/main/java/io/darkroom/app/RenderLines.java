package io.darkroom.app;

import io.darkroom.render.Settlement;
import java.io.PrintWriter;

/** A line for each begin, and now and then one of what lies between. */
final class RenderLines implements RenderProgress {
  private final PrintWriter err;

  RenderLines(PrintWriter err) {
    this.err = err;
  }

  @Override
  public void started(String requestId, int evaluationsWanted) {
    line(requestId + ": started, " + evaluationsWanted + " evaluations");
  }

  @Override
  public void progressed(String requestId, int evaluationsDone, int evaluationsWanted) {
    line(requestId + ": " + evaluationsDone + " of " + evaluationsWanted);
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
