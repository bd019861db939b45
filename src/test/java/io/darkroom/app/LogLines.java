package io.darkroom.app;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.formatters.PatternFormatter;

/** Collects the formatted log lines of the worker from now on. */
final class LogLines extends Handler {
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final PatternFormatter formatter = new PatternFormatter("%s");
  private final Logger logger = Logger.getLogger("io.darkroom");

  LogLines() {
    logger.setLevel(Level.INFO);
    logger.addHandler(this);
  }

  List<String> lines() {
    return lines;
  }

  @Override
  public void publish(LogRecord record) {
    lines.add(formatter.format(record));
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    logger.removeHandler(this);
  }
}
