package io.darkroom.console;

import io.darkroom.job.Size;
import io.darkroom.model.Condition;
import io.darkroom.model.Layout;
import io.darkroom.model.ModelCard;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The facts about a model package that a form for requests needs, as a JSON tree. */
public final class ModelFacts {

  /** Maximum number of labels in the form. A request may also give others. */
  private static final int MOST_LABELS = 2000;

  private ModelFacts() {}

  /** Returns the facts about a package in a map to which the caller may add. */
  public static Map<String, Object> tree(ModelCard card) {
    Map<String, Object> tree = new LinkedHashMap<>();
    Size size = card.standardSize();
    tree.put("name", card.name());
    tree.put("medium", card.medium().toString().toLowerCase(Locale.ROOT));
    tree.put("enlarges", card.enlarges());
    tree.put("guides", card.guides());
    tree.put("text", !card.textEncoders().isEmpty());
    tree.put("conditions", card.conditions().stream().map(Condition::summary).toList());
    tree.put(
        "labels",
        card.conditions().stream()
            .flatMap(condition -> condition.labelNames().stream())
            .limit(MOST_LABELS)
            .toList());
    tree.put("sized", card.network().layout().side(Layout.WIDTH).isPresent() && !card.enlarges());
    tree.put("width", size.width());
    tree.put("height", size.height());
    tree.put("size_multiple", card.sizeMultiple());
    tree.put("any_size", card.network().anySize());
    tree.put("most", mostPixels(card));
    tree.put("scheduler", String.valueOf(card.scheduler().getOrDefault("_class_name", "")));
    card.defaults().steps().ifPresent(steps -> tree.put("steps", steps));
    card.defaults().guidanceScale().ifPresent(scale -> tree.put("guidance_scale", scale));
    return tree;
  }

  /** Returns the longest side that the network has positions for. */
  private static long mostPixels(ModelCard card) {
    int mostCells =
        card.network()
            .layout()
            .side(Layout.WIDTH)
            .map(Layout.Dimension::most)
            .orElse(Integer.MAX_VALUE);
    return (long) mostCells * card.space().factor();
  }
}
