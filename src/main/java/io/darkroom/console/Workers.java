package io.darkroom.console;

import io.darkroom.kafka.GroupMembers.Member;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The workers: the members of the group that consumes requests, idle ones too, and what each is
 * known for from its events. A worker that is not in the group is shown for some minutes after its
 * last event. Safe for use by many threads.
 */
final class Workers {
  private static final Duration SHOWN = Duration.ofMinutes(10);
  private static final int MOST = 1000;
  private static final int MOST_MODELS = 32;

  private final Clock clock;

  /** In the order of their last events. */
  private final Map<String, Known> known = new LinkedHashMap<>();

  private Optional<Map<String, Member>> members = Optional.empty();

  Workers(Clock clock) {
    this.clock = clock;
  }

  /** What the events of a worker say. */
  private static final class Known {
    private final Map<String, Served> models = new TreeMap<>();
    private Instant last = Instant.MIN;
    private int results;

    void serves(Served model) {
      if (models.containsKey(model.model()) || models.size() < MOST_MODELS) {
        models.put(model.model(), model);
      }
    }

    void at(Instant time) {
      last = time.isAfter(last) ? time : last;
    }
  }

  /** Records an event of a worker. */
  synchronized void seen(String worker, Instant time) {
    if (!worker.isEmpty()) {
      known(worker).at(time);
    }
  }

  /** Records a new result, and its models. */
  synchronized void ended(String worker, Instant time, List<Served> models) {
    if (!worker.isEmpty()) {
      Known of = known(worker);
      of.at(time);
      of.results++;
      models.forEach(of::serves);
    }
  }

  private Known known(String worker) {
    Known before = known.remove(worker);
    Known found = before == null ? new Known() : before;
    known.put(worker, found);
    if (known.size() > MOST) {
      known.remove(known.keySet().iterator().next());
    }
    return found;
  }

  /** Replaces the members of the group. */
  synchronized void members(Collection<Member> current) {
    Map<String, Member> all = new HashMap<>();
    current.stream().limit(MOST).forEach(each -> all.put(each.worker(), each));
    members = Optional.of(all);
  }

  /** Records that the members of the group are not known, because the broker does not list them. */
  synchronized void membersUnknown() {
    members = Optional.empty();
  }

  /** Returns whether the members of the group are known. */
  synchronized boolean knowsMembers() {
    return members.isPresent();
  }

  /**
   * Returns the workers as JSON trees, in the order of their names.
   *
   * @param running number of running requests by worker
   */
  synchronized List<Map<String, Object>> tree(Map<String, Integer> running) {
    Map<String, Member> group = members.orElse(Map.of());
    TreeSet<String> names = new TreeSet<>(group.keySet());
    Instant oldest = clock.instant().minus(SHOWN);
    known.forEach(
        (name, of) -> {
          if (of.last.isAfter(oldest)) {
            names.add(name);
          }
        });
    List<Map<String, Object>> workers = new ArrayList<>();
    names.forEach(name -> workers.add(tree(name, group.get(name), running)));
    return workers;
  }

  private Map<String, Object> tree(
      String name, @Nullable Member member, Map<String, Integer> running) {
    Known of = known.getOrDefault(name, new Known());
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("name", name);
    tree.put("member", member != null);
    tree.put("host", member == null ? "" : member.host());
    tree.put("partitions", member == null ? 0 : member.partitions());
    tree.put("running", running.getOrDefault(name, 0));
    tree.put("results", of.results);
    tree.put("models", of.models.values().stream().map(Served::tree).toList());
    return tree;
  }
}
