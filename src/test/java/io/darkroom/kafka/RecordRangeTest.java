package io.darkroom.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.LocalKafka;
import io.darkroom.Ports;
import io.darkroom.json.MessageHeaders;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A real broker. Partition 0 had six records, one per second, and has lost the first two; partition
 * 1 has two; partition 2 has none.
 */
class RecordRangeTest {
  private static final String TOPIC = "ranges";
  private static Instant start;

  @TempDir static Path folder;
  private static LocalKafka kafka;

  @BeforeAll
  static void startBroker() throws Exception {
    start = Clock.systemUTC().instant().minusSeconds(3600);
    kafka = new LocalKafka(folder, Ports.ANY);
    kafka.createTopics(List.of(TOPIC), 3);
    try (KafkaProducer<byte[], byte[]> publisher =
            new KafkaProducer<>(
                kafka.client(), new ByteArraySerializer(), new ByteArraySerializer());
        Admin admin = Admin.create(kafka.client())) {
      for (int i = 0; i < 8; i++) {
        long time = start.plusSeconds(i % 6).toEpochMilli();
        byte[] value = "x".getBytes(StandardCharsets.UTF_8);
        publisher.send(new ProducerRecord<>(TOPIC, i / 6, time, null, value)).get();
      }
      admin
          .deleteRecords(Map.of(new TopicPartition(TOPIC, 0), RecordsToDelete.beforeOffset(2)))
          .all()
          .get();
    }
  }

  @AfterAll
  static void stopBroker() {
    kafka.close();
  }

  @Test
  void withoutConditionsAllRecordsAreRead() throws Exception {
    assertThat(read(RecordSelection.ALL))
        .containsExactlyInAnyOrder(
            "ranges/0/2", "ranges/0/3", "ranges/0/4", "ranges/0/5", "ranges/1/0", "ranges/1/1");
  }

  @ParameterizedTest
  @CsvSource({
    "0:3-4, ranges/0/3 ranges/0/4",
    "0:4-, ranges/0/4 ranges/0/5",
    "0:-3, ranges/0/2 ranges/0/3",
    "0:5-5, ranges/0/5",
    "1:-, ranges/1/0 ranges/1/1",
    "0:5- 1:0-0, ranges/0/5 ranges/1/0"
  })
  void bothEndsOfOffsetsAreRead(String ranges, String records) throws Exception {
    assertThat(read(offsets(ranges))).containsExactlyInAnyOrder(records.split(" "));
  }

  @Test
  void anEmptyPartitionHasNoRecords() throws Exception {
    assertThat(read(offsets("2:-"))).isEmpty();
  }

  @Test
  void timesAndOffsetsMustBothMatch() throws Exception {
    RecordSelection both =
        new RecordSelection(
            Optional.of(start.plusSeconds(3)),
            Optional.of(start.plusSeconds(5)),
            List.of(OffsetRange.parse("0:2-3")));
    assertThat(read(both)).containsExactly("ranges/0/3");
    RecordSelection none =
        new RecordSelection(Optional.of(start.plusSeconds(5)), Optional.empty(), both.offsets());
    assertThat(read(none)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0:1-3 | offsets 0:1-3: partition 0 of ranges has the offsets 2 to 5",
        "0:3-6 | offsets 0:3-6: partition 0 of ranges has the offsets 2 to 5",
        "0:-1 | offsets 0:-1: partition 0 of ranges has the offsets 2 to 5",
        "2:0- | offsets 2:0-: partition 2 of ranges is empty",
        "3:0-1 | topic ranges has the partitions 0 to 2, not 3"
      })
  void missingPartitionsAndOffsetsAreNamed(String range, String message) {
    assertThatThrownBy(() -> read(offsets(range))).hasMessage(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "0:", "0:5", "-1:0-1", "0:a-b", "0:1-2-3", "0:1..2", "0: 1-2"})
  void anotherFormIsRefused(String text) {
    assertThatThrownBy(() -> OffsetRange.parse(text))
        .hasMessage("must be PARTITION:FROM-TO, e.g. 0:1200-1499, 0:1200- or 0:-1499, is " + text);
  }

  @Test
  void aRangeEndsAfterItsBeginAndAPartitionHasOneRange() {
    assertThat(OffsetRange.parse("7:12-345")).hasToString("7:12-345");
    assertThatThrownBy(() -> OffsetRange.parse("0:4-3"))
        .hasMessage("FROM must be at most TO, is 4-3");
    assertThatThrownBy(() -> offsets("0:1-2 0:4-5"))
        .hasMessage("must have one range for a partition, has several for 0");
  }

  private static RecordSelection offsets(String ranges) {
    return new RecordSelection(
        Optional.empty(),
        Optional.empty(),
        Stream.of(ranges.split(" ")).map(OffsetRange::parse).toList());
  }

  private static List<String> read(RecordSelection selection) throws InterruptedException {
    List<String> sources = new ArrayList<>();
    try (RecordRange range = RecordRange.open(kafka.client(), TOPIC, selection)) {
      range.forEach(
          (String source, byte[] body, MessageHeaders headers, Optional<String> failure) ->
              sources.add(source));
      assertThat(range.count()).isEqualTo(sources.size());
    }
    return sources;
  }
}
