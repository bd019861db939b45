package io.darkroom.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class ConnectorErrorFilterTest {
  private static final String CONNECTOR = "io.smallrye.reactive.messaging.kafka";

  private final ConnectorErrorFilter filter = new ConnectorErrorFilter();

  @Test
  void errorsThatTheConnectorLogsForEachRecordAreLeftOut() {
    assertThat(logs(CONNECTOR, "SRMSG18206: Unable to write to Kafka from channel progress"))
        .isFalse();
    assertThat(logs(CONNECTOR, "SRMSG18212: Message was nacked")).isFalse();
  }

  @Test
  void everythingElseIsLogged() {
    assertThat(logs(CONNECTOR, "SRMSG18217: Unable to read a record from Kafka")).isTrue();
    assertThat(logs("io.darkroom.kafka.Publishing", "SRMSG18206: quoted")).isTrue();
    assertThat(logs(CONNECTOR, null)).isTrue();
  }

  private boolean logs(String logger, String message) {
    LogRecord record = new LogRecord(Level.SEVERE, message);
    record.setLoggerName(logger);
    return filter.isLoggable(record);
  }
}
