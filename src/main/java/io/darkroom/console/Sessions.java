package io.darkroom.console;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The sessions of readers who gave the token. A session is a random number in a cookie, so the
 * token itself is sent only once. The number of wrong tokens per minute is limited. Safe for use by
 * many threads.
 */
final class Sessions {
  static final Duration LONGEST = Duration.ofHours(12);

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final int MOST_WRONG = 20;
  private static final int MOST_SESSIONS = 1000;
  private static final int BYTES = 32;

  private final Optional<String> token;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, Instant> ends = new LinkedHashMap<>();
  private Instant minute = Instant.MIN;
  private int wrong;

  Sessions(Optional<String> token, Clock clock) {
    this.token = token;
    this.clock = clock;
  }

  /** The result of checking a token. */
  sealed interface Answer {
    /** The token is right, and a session was opened. */
    record Open(String session) implements Answer {}

    /** The token is wrong. */
    record Wrong() implements Answer {}

    /** There were too many wrong tokens in this minute. */
    record TooMany() implements Answer {}
  }

  /** Returns whether a token is needed. */
  boolean needed() {
    return token.isPresent();
  }

  /** Returns why a token is not accepted; empty if it is right. Counts wrong tokens. */
  synchronized Optional<Answer> refusal(String given) {
    Instant now = clock.instant();
    if (now.isAfter(minute.plus(MINUTE))) {
      minute = now;
      wrong = 0;
    }
    if (wrong >= MOST_WRONG) {
      return Optional.of(new Answer.TooMany());
    }
    if (!isToken(given)) {
      wrong++;
      return Optional.of(new Answer.Wrong());
    }
    return Optional.empty();
  }

  /** Opens a session if the token is right. */
  synchronized Answer open(String given) {
    Optional<Answer> refusal = refusal(given);
    if (refusal.isPresent()) {
      return refusal.get();
    }
    Instant now = clock.instant();
    ends.values().removeIf(end -> end.isBefore(now));
    if (ends.size() >= MOST_SESSIONS) {
      ends.remove(ends.keySet().iterator().next());
    }
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    String session = HexFormat.of().formatHex(bytes);
    ends.put(session, now.plus(LONGEST));
    return new Answer.Open(session);
  }

  /** Returns whether a session is open. */
  synchronized boolean has(String session) {
    Instant end = ends.get(session);
    return end != null && end.isAfter(clock.instant());
  }

  /** Returns whether this is the token. The comparison takes constant time. */
  private boolean isToken(String given) {
    return token.isPresent() && MessageDigest.isEqual(utf8(token.get()), utf8(given));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
