package io.darkroom.app.cli;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import io.darkroom.kafka.TopicState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The table of topics, one row each, with what was done to them. */
final class TopicTable {
  private static final String UNLIMITED = "-1";

  private TopicTable() {}

  /**
   * @param created the names of those that were created now
   * @param before partitions of the first topic before some were added
   */
  static String of(List<TopicState> topics, List<String> created, Optional<Integer> before) {
    String grown = topics.get(0).name();
    List<ColumnData<TopicState>> columns =
        List.of(
            column("topic", TopicState::name),
            column(
                "",
                topic ->
                    created.contains(topic.name())
                        ? "created"
                        : topic.name().equals(grown) && before.isPresent()
                            ? "had " + before.get() + " partitions"
                            : "exists"),
            column("partitions", topic -> Integer.toString(topic.partitions())),
            column("replicas", topic -> Integer.toString(topic.replicas())),
            column("cleanup.policy", topic -> setting(topic, "cleanup.policy")),
            column("retention", TopicTable::retention),
            column("max.message.bytes", topic -> setting(topic, "max.message.bytes")));
    return AsciiTable.getTable(AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS, topics, columns);
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

  /** A compacted topic keeps the last record of each key. */
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
