package io.darkroom.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A claim in the topic of attempts. Its text form is {@code 1 worker}, {@code 1 worker leaving
 * 24000} or {@code 0 worker done}.
 *
 * @param number number of the attempt, 1 for the first
 * @param worker name of the worker that began the attempt
 * @param phase state of the record in that worker
 * @param most maximum time that the next worker waits for a render of a worker that left the group
 */
record Attempt(int number, String worker, Phase phase, Duration most) {
  private static final Pattern TEXT =
      Pattern.compile("([0-9]{1,9}) (\\S+)(?: (done)| leaving ([0-9]{1,9}))?");

  /** State of a record in the worker that claimed it. */
  enum Phase {
    /** The worker renders the record, or it has died. */
    RUNNING,
    /** The worker has left the group and still renders the record. */
    LEAVING,
    /** The outcome of the record is published. */
    DONE
  }

  static Attempt running(int number, String worker) {
    return new Attempt(number, worker, Phase.RUNNING, Duration.ZERO);
  }

  static Attempt done(String worker) {
    return new Attempt(0, worker, Phase.DONE, Duration.ZERO);
  }

  /** Returns this attempt with the phase of a worker that leaves the group. */
  Attempt leaving(Duration longest) {
    return new Attempt(number, worker, Phase.LEAVING, longest);
  }

  /** Returns a copy with another number. */
  Attempt withNumber(int other) {
    return running(other, worker);
  }

  /**
   * Parses a value of the topic. Returns empty for a tombstone and for a value that is not a claim.
   */
  static Optional<Attempt> parse(byte @Nullable [] value) {
    if (value == null) {
      return Optional.empty();
    }
    Matcher text = TEXT.matcher(new String(value, StandardCharsets.UTF_8));
    if (!text.matches()) {
      return Optional.empty();
    }
    Attempt running = running(Integer.parseInt(text.group(1)), text.group(2));
    if (text.group(3) != null) {
      return Optional.of(done(running.worker()));
    }
    return Optional.of(
        text.group(4) == null
            ? running
            : running.leaving(Duration.ofMillis(Integer.parseInt(text.group(4)))));
  }

  byte[] bytes() {
    return Outgoing.utf8(
        switch (phase) {
          case RUNNING -> number + " " + worker;
          case LEAVING -> number + " " + worker + " leaving " + most.toMillis();
          case DONE -> number + " " + worker + " done";
        });
  }
}
