package io.darkroom.app.cli;

import io.darkroom.json.RequestCodec;
import io.darkroom.kafka.DeadLetter;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Selects dead letters that match all given conditions.
 *
 * @param classes error classes; empty for all
 * @param id pattern of ids, in which {@code *} stands for any characters
 * @param since the earliest time, inclusive
 * @param until the latest time, exclusive
 */
record DeadLetterFilter(
    List<String> classes, Optional<String> id, Optional<Instant> since, Optional<Instant> until) {
  static final DeadLetterFilter ALL =
      new DeadLetterFilter(List.of(), Optional.empty(), Optional.empty(), Optional.empty());

  DeadLetterFilter {
    classes = List.copyOf(classes);
  }

  boolean matches(DeadLetter letter, RequestCodec codec) {
    return (classes.isEmpty() || classes.contains(letter.errorClass()))
        && since.stream().noneMatch(letter.published()::isBefore)
        && until.stream().allMatch(letter.published()::isBefore)
        && id.stream().allMatch(pattern -> regex(pattern).matcher(letter.id(codec)).matches());
  }

  private static Pattern regex(String pattern) {
    String regex =
        Stream.of(pattern.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
    return Pattern.compile(regex, Pattern.DOTALL);
  }
}
