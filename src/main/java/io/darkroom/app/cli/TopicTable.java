package io.darkroom.app.cli;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import io.darkroom.kafka.TopicState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Formats the table of topics, with one row per topic and what the command did. */
final class TopicTable {
  private static final String UNLIMITED = "-1";

  private TopicTable() {}

  /**
   * @param created names of the topics that the command created
   * @param before earlier number of partitions, by name, of topics that got more
   */
  static String of(List<TopicState> topics, List<String> created, Map<String, Integer> before) {
    List<ColumnData<TopicState>> columns =
        List.of(
            column("topic", TopicState::name),
            column("", topic -> state(topic.name(), created, before)),
            column("partitions", topic -> Integer.toString(topic.partitions())),
            column("replicas", topic -> Integer.toString(topic.replicas())),
            column("cleanup.policy", topic -> setting(topic, "cleanup.policy")),
            column("retention", TopicTable::retention),
            column("max.message.bytes", topic -> setting(topic, "max.message.bytes")));
    return AsciiTable.getTable(AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS, topics, columns);
  }

  private static String state(String topic, List<String> created, Map<String, Integer> before) {
    if (created.contains(topic)) {
      return "created";
    }
    return before.containsKey(topic) ? "had " + before.get(topic) + " partitions" : "exists";
  }

  private static ColumnData<TopicState> column(String header, Function<TopicState, String> cell) {
    return new Column()
        .header(header)
        .headerAlign(HorizontalAlign.LEFT)
        .dataAlign(HorizontalAlign.LEFT)
        .with(cell);
  }

  private static String setting(TopicState topic, String key) {
    return topic.setting(key).orElse("not known");
  }

  /** Returns the retention. A compacted topic keeps the last record of each key. */
  private static String retention(TopicState topic) {
    if (topic.setting("cleanup.policy").filter("compact"::equals).isPresent()) {
      return "last of a key";
    }
    String millis = setting(topic, "retention.ms");
    if (millis.equals(UNLIMITED)) {
      return "unlimited";
    }
    return millis.matches("\\d+") ? text(Duration.ofMillis(Long.parseLong(millis))) : millis;
  }

  private static String text(Duration time) {
    boolean days = time.toHoursPart() == 0 && time.toMinutesPart() == 0 && time.toDays() > 0;
    return days
        ? time.toDays() + " d"
        : time.toMillis() % Duration.ofHours(1).toMillis() == 0
            ? time.toHours() + " h"
            : time.toMillis() + " ms";
  }
}
