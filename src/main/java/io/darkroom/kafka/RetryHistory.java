package io.darkroom.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * The history of a request before it was published to the topic of retries, from the {@code
 * retry-*} headers of its record. Invalid headers are ignored.
 *
 * @param rounds number of publications to the topic of retries, 0 for a new request
 * @param tries number of failed tries, over all workers
 * @param deaths number of attempts that ended a worker
 * @param firstSeen time at which a worker first received the request
 * @param source {@code topic/partition/offset} of the original record
 */
record RetryHistory(
    int rounds, int tries, int deaths, Optional<Instant> firstSeen, Optional<String> source) {
  /** Names of the headers begin with this. */
  static final String PREFIX = "retry-";

  static final String ROUNDS = PREFIX + "rounds";
  static final String TRIES = PREFIX + "tries";
  static final String DEATHS = PREFIX + "deaths";
  static final String FIRST_SEEN = PREFIX + "first-seen";
  static final String SOURCE = PREFIX + "source";
  static final String REASON = PREFIX + "reason";

  /** Time in ms since 1970 before which the record is not published to the topic of requests. */
  static final String DUE = PREFIX + "due";

  private static final String SMALL_NUMBER = "\\d{1,6}";

  static RetryHistory of(Headers headers) {
    return new RetryHistory(
        number(headers, ROUNDS),
        number(headers, TRIES),
        number(headers, DEATHS),
        text(headers, FIRST_SEEN).flatMap(RetryHistory::instant),
        text(headers, SOURCE));
  }

  private static int number(Headers headers, String name) {
    return text(headers, name)
        .filter(value -> value.matches(SMALL_NUMBER))
        .map(Integer::parseInt)
        .orElse(0);
  }

  private static Optional<Instant> instant(String text) {
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeParseException odd) {
      return Optional.empty();
    }
  }

  static Optional<String> text(Headers headers, String name) {
    return Optional.ofNullable(headers.lastHeader(name))
        .map(Header::value)
        .map(value -> new String(value, StandardCharsets.UTF_8));
  }
}
