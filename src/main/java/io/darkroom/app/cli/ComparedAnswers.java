package io.darkroom.app.cli;

import io.darkroom.engine.LoadedModel;
import io.darkroom.model.BrokenPackage;
import io.darkroom.onnx.KnownAnswers;
import io.darkroom.replay.AnswerMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Compares the outputs of the loaded networks with the known answers of all devices. */
final class ComparedAnswers {

  private ComparedAnswers() {}

  /** Returns a comparison for each stored entry of each loaded package. */
  static List<AnswerMatch> of(LocalEngine engine, KnownAnswers known, Terminal terminal) {
    List<AnswerMatch> matches = new ArrayList<>();
    for (LoadedModel model : engine.models().inOrder()) {
      try {
        known
            .stored(engine.pack(model.card().name()), model.device())
            .forEach(stored -> matches.add(match(model, stored)));
      } catch (BrokenPackage damaged) {
        terminal.complain(model.card().name() + ": " + damaged.getMessage());
      }
    }
    return matches;
  }

  private static AnswerMatch match(LoadedModel model, KnownAnswers.Stored stored) {
    Map<String, String> here = model.findings().answers();
    SortedMap<String, Boolean> equal = new TreeMap<>();
    stored.sha256().forEach((name, sha256) -> equal.put(name, sha256.equals(here.get(name))));
    return new AnswerMatch(model.card().name(), stored.device(), equal);
  }
}
