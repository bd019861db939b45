package io.darkroom.engine;

import java.util.Map;

/**
 * What was found out about a package when it was loaded and tested.
 *
 * @param answers SHA-256 of what its networks give for fixed inputs, by component
 * @param answersKnown whether these answers were known before, and are the same
 */
public record Findings(Map<String, String> answers, boolean answersKnown) {
  /** Nothing was tested. */
  public static final Findings NONE = new Findings(Map.of(), false);

  public Findings {
    answers = Map.copyOf(answers);
  }
}
