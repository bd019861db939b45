package io.darkroom.replay;

import static java.util.stream.Collectors.joining;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Whether the networks of a package give the outputs here that they gave on another device, or with
 * other settings (known answers).
 *
 * @param model name of the package
 * @param recordedOn the device and its settings on which the outputs were recorded
 * @param equal by component, whether the outputs have equal bits
 */
public record AnswerMatch(
    String model, Map<String, Object> recordedOn, SortedMap<String, Boolean> equal) {

  public AnswerMatch {
    recordedOn = Collections.unmodifiableMap(new LinkedHashMap<>(recordedOn));
    equal = Collections.unmodifiableSortedMap(new TreeMap<>(equal));
  }

  /** Returns one line, e.g. {@code emoji-32: unet equal (threads: 2)}. */
  public String text() {
    String components =
        equal.entrySet().stream()
            .map(each -> each.getKey() + (each.getValue() ? " equal" : " different"))
            .collect(joining(", "));
    String device =
        recordedOn.entrySet().stream()
            .filter(each -> !each.getValue().equals(""))
            .map(each -> each.getKey() + ": " + each.getValue())
            .collect(joining(", "));
    return model + ": " + components + " (" + device + ")";
  }

  Map<String, Object> tree() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("model", model);
    tree.put("recorded_on", recordedOn);
    tree.put("equal", equal);
    return tree;
  }
}
