package io.darkroom.app;

import io.darkroom.render.ProgressSink;
import io.darkroom.render.Settlement;

/** Shows how far the requests of a command are: a bar where somebody watches, lines elsewhere. */
sealed interface RenderProgress extends ProgressSink, AutoCloseable permits RenderBar, RenderLines {

  static RenderProgress open(Terminal terminal, int requests) {
    return Terminal.watched() ? new RenderBar(requests) : new RenderLines(terminal.err());
  }

  /** A request has its outcome, which is handed through. */
  Settlement ended(Settlement settled);

  @Override
  void close();
}
