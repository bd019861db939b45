package io.darkroom.app;

import io.darkroom.engine.LoadedModel;

/** Formats the result of a self-test as one line. */
public final class VerdictPrinter {

  private VerdictPrinter() {}

  /** Returns a line such as {@code exact with 1-8 rows per call, answers known}. */
  public static String of(LoadedModel model) {
    return "%s with %s rows per call, answers %s"
        .formatted(
            model.device().tier(),
            model.device().rowsPerCall(),
            model.findings().answersKnown() ? "known" : "new");
  }
}
