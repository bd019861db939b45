package io.darkroom.json;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.darkroom.text.Printable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Explains why a text is not JSON, in words for its author. The parser's own messages name its
 * classes and features.
 */
final class ParseProblem {
  private static final int MAX_NAME = 60;
  private static final Pattern DUPLICATE =
      Pattern.compile("Duplicate field '(.*)'.*", Pattern.DOTALL);

  /** Prefix of Jackson's message about NaN, Infinity and -Infinity, which Python writes. */
  private static final String BARE_WORD = "Non-standard token";

  private ParseProblem() {}

  /**
   * Returns one sentence without a subject, including the position.
   *
   * @param bounds the parser's limits, as in "must be BOUNDS"
   */
  static String of(JsonProcessingException problem, String bounds) {
    JsonLocation at = problem.getLocation();
    String place =
        at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
    return words(problem, bounds) + place;
  }

  private static String words(JsonProcessingException problem, String bounds) {
    if (problem instanceof StreamConstraintsException) {
      return "must be " + bounds;
    }
    if (problem instanceof JsonEOFException) {
      return "is not JSON: ends too early";
    }
    if (problem instanceof MismatchedInputException) {
      return "is not JSON: has more than one value";
    }
    String message = String.valueOf(problem.getOriginalMessage());
    if (message.startsWith(BARE_WORD)) {
      return "is not JSON: NaN, Infinity and -Infinity are not numbers in JSON: write them as text,"
          + " \"-Infinity\"";
    }
    Matcher duplicate = DUPLICATE.matcher(message);
    return duplicate.matches()
        ? "is not JSON: has the field " + Printable.line(duplicate.group(1), MAX_NAME) + " twice"
        : "is not JSON: unexpected text";
  }
}
