package io.darkroom.app;

/**
 * A value from outside as one word or one quoted text of a log line: nothing in it can end the
 * line, look like another fact or go on for pages.
 */
final class Printable {
  private static final int MAX_CHARACTERS = 200;
  private static final char REPLACEMENT = '?';

  private Printable() {}

  /** The value, quoted where it is not a plain word. */
  static String of(String value) {
    StringBuilder text = new StringBuilder();
    value.codePoints().limit(MAX_CHARACTERS).forEach(point -> append(text, point));
    if (value.codePointCount(0, value.length()) > MAX_CHARACTERS) {
      text.append("...");
    }
    return plain(text) ? text.toString() : "\"" + text + "\"";
  }

  private static void append(StringBuilder text, int point) {
    text.appendCodePoint(point == '"' || invisible(point) ? REPLACEMENT : point);
  }

  private static boolean invisible(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          true;
      default -> false;
    };
  }

  private static boolean plain(CharSequence text) {
    return text.length() > 0 && text.chars().noneMatch(c -> c == '=' || Character.isSpaceChar(c));
  }
}
