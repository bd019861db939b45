package io.darkroom.kafka;

import io.quarkus.logging.LoggingFilter;
import java.util.Set;
import java.util.logging.Filter;
import java.util.logging.LogRecord;

/**
 * Removes the errors that the Kafka connector logs for each record. If a topic does not accept
 * records, {@link Publishing} logs it once a minute. Thread-safe.
 */
@LoggingFilter(name = ConnectorErrorFilter.NAME)
public final class ConnectorErrorFilter implements Filter {
  static final String NAME = "connector-errors";
  private static final String CONNECTOR = "io.smallrye.reactive.messaging.kafka";

  /** A record could not be written; a record was nacked. */
  private static final Set<String> REPEATED = Set.of("SRMSG18206", "SRMSG18212");

  @Override
  public boolean isLoggable(LogRecord record) {
    return !CONNECTOR.equals(record.getLoggerName()) || !isRepeated(record.getMessage());
  }

  private static boolean isRepeated(String message) {
    return message != null && REPEATED.stream().anyMatch(message::startsWith);
  }
}
