package io.darkroom.app.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.spi.Converter;
import org.jspecify.annotations.Nullable;

/**
 * Reads durations in the forms of Quarkus, for commands that do not start it: {@code 30} (seconds),
 * {@code 250ms}, {@code 1h30m}, {@code 2d}, or ISO 8601, {@code PT30S}.
 */
final class DurationText implements Converter<Duration> {
  private static final long serialVersionUID = 1L;

  /** Lower than the priority of Quarkus's converter, which is 200. */
  static final int PRIORITY = 150;

  private static final Pattern SECONDS = Pattern.compile("\\d+");
  private static final Pattern MILLIS = Pattern.compile("(\\d+)(ms|MS)");
  private static final Pattern DAYS = Pattern.compile("\\d+[dD]");

  /** Returns null for an empty text, which means that the duration is not set. */
  @Override
  public @Nullable Duration convert(String value) {
    return value.isBlank() ? null : parse(value);
  }

  /**
   * Parses a duration.
   *
   * @throws java.time.DateTimeException if the text is not a duration
   */
  static Duration parse(String value) {
    String text = value.strip();
    if (SECONDS.matcher(text).matches()) {
      return Duration.ofSeconds(Long.parseLong(text));
    }
    if (MILLIS.matcher(text).matches()) {
      return Duration.ofMillis(Long.parseLong(text.substring(0, text.length() - 2)));
    }
    String iso = text.toUpperCase(Locale.ROOT);
    if (Character.isDigit(iso.isEmpty() ? 'P' : iso.charAt(0))) {
      iso = (DAYS.matcher(text).matches() ? "P" : "PT") + iso;
    }
    return Duration.parse(iso);
  }
}
