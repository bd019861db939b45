package io.darkroom.app;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Keeps the libraries' logs out of what a command prints; it says itself what people need. */
final class Silence {
  /** Held, since a logger that nobody holds may be forgotten with its level. */
  private static final Logger ROOT = Logger.getLogger("");

  private Silence() {}

  /** From now on nothing is logged in this process. */
  static void begin() {
    for (Handler handler : ROOT.getHandlers()) {
      ROOT.removeHandler(handler);
    }
    ROOT.setLevel(Level.OFF);
  }
}
