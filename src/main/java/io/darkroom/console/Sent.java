package io.darkroom.console;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The entries of a list that one reader has received. Used by one thread at a time.
 *
 * @param <T> an entry
 */
final class Sent<T> {
  private final Function<T, String> name;
  private final Map<String, T> sent = new HashMap<>();

  /**
   * @param name returns the name of an entry, which is unique in the list
   */
  Sent(Function<T, String> name) {
    this.name = name;
  }

  /** Returns the entries that are new or have changed since the last call, and records them. */
  List<T> changed(List<T> now) {
    return now.stream().filter(each -> !each.equals(sent.put(name.apply(each), each))).toList();
  }

  /** Returns the names of the entries that are no longer in the list, and forgets them. */
  List<String> removed(List<T> now) {
    Set<String> names = now.stream().map(name).collect(Collectors.toSet());
    List<String> removed = sent.keySet().stream().filter(each -> !names.contains(each)).toList();
    sent.keySet().retainAll(names);
    return removed;
  }
}
