package io.darkroom.text;

/**
 * Makes text from outside safe to show in a message, a log line or a terminal. A character that is
 * invisible or changes how others are shown (controls, line ends, format and bidirectional
 * characters, lone surrogates, private use, unassigned) becomes a question mark.
 */
public final class Printable {
  private static final int MAX_LOG_VALUE = 200;
  private static final char REPLACEMENT = '?';

  private Printable() {}

  /** Returns the text on one line. */
  public static String line(String text) {
    return line(text, Integer.MAX_VALUE);
  }

  /** Returns the text on one line, with one blank for each run of white space. */
  public static String collapsed(String text) {
    return line(text.replaceAll("\\s+", " ").strip());
  }

  /**
   * Returns the text on one line. Text of more than {@code max} code points is cut, and dots mark
   * the cut.
   */
  public static String line(String text, int max) {
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .limit(max)
        .map(each -> isVisible(each) ? each : REPLACEMENT)
        .forEach(shown::appendCodePoint);
    boolean whole = text.codePointCount(0, text.length()) <= max;
    return whole ? shown.toString() : shown.append("...").toString();
  }

  /**
   * Returns a value for a {@code key=value} log line, at most 200 code points. The value is quoted
   * unless it is one plain word, so that it can neither end the line nor look like another key.
   */
  public static String logValue(String value) {
    String text = line(value, MAX_LOG_VALUE).replace('"', REPLACEMENT);
    return plain(text) ? text : "\"" + text + "\"";
  }

  private static boolean plain(String text) {
    return !text.isEmpty() && text.chars().noneMatch(c -> c == '=' || Character.isSpaceChar(c));
  }

  /** Returns whether a character is visible and does not change how others are shown. */
  public static boolean isVisible(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
