package io.darkroom.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a claim in the topic of attempts says, as text: {@code 1 worker}, {@code 1 worker leaving
 * 24000} or {@code 0 worker done}.
 *
 * @param number of the attempt, 1 for the first
 * @param worker that began it
 * @param phase of the record with that worker
 * @param most maximum time that the next worker waits for a render of a worker that left
 */
record Attempt(int number, String worker, Phase phase, Duration most) {
  private static final Pattern TEXT =
      Pattern.compile("([0-9]{1,9}) (\\S+)(?: (done)| leaving ([0-9]{1,9}))?");

  /** How far a worker is with a record. */
  enum Phase {
    /** The worker renders it, or has died. */
    RUNNING,
    /** The worker has left the group and still renders it. */
    LEAVING,
    /** Its outcome is published. */
    DONE
  }

  static Attempt running(int number, String worker) {
    return new Attempt(number, worker, Phase.RUNNING, Duration.ZERO);
  }

  static Attempt done(String worker) {
    return new Attempt(0, worker, Phase.DONE, Duration.ZERO);
  }

  /** The same attempt of a worker that leaves the group. */
  Attempt leaving(Duration longest) {
    return new Attempt(number, worker, Phase.LEAVING, longest);
  }

  /** The same claim with another number. */
  Attempt withNumber(int other) {
    return running(other, worker);
  }

  /** The claim in a value of the topic; empty for a tombstone and for what is no claim. */
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
