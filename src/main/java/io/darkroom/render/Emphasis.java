package io.darkroom.render;

import io.darkroom.text.Printable;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the weights of words that Automatic1111's web UI supports: {@code (word:1.3)}, {@code
 * ((word))}, {@code [word]}. Darkroom does not support them: as in diffusers, encoders get the
 * texts unchanged. In the web UI a backslash before a bracket marks plain text.
 */
final class Emphasis {
  private static final String PLAIN = "[^()\\[\\]]+";
  private static final Pattern WEIGHT =
      Pattern.compile(
          "(?<!\\\\)\\(%1$s:\\s*[+-]?[0-9.]+\\s*\\)|(?<!\\\\)\\(\\(%1$s\\)\\)|(?<!\\\\)\\[%1$s\\]"
              .formatted(PLAIN));

  private static final int MOST_SHOWN = 60;

  private Emphasis() {}

  /**
   * Returns a warning if a text contains such weights.
   *
   * @param field name of the field in the request, for the message
   */
  static Optional<String> warning(String field, String text) {
    Matcher found = WEIGHT.matcher(text);
    return found.find()
        ? Optional.of(
            field
                + ": "
                + "\""
                + Printable.line(found.group(), MOST_SHOWN)
                + "\" looks like emphasis of Automatic1111's web UI, which is not supported: the"
                + " text goes to the encoder unchanged")
        : Optional.empty();
  }
}
