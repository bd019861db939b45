package io.darkroom.image;

import java.nio.charset.StandardCharsets;

/**
 * A text inside a picture file. The limits of the keyword are those of PNG.
 *
 * @param keyword name of the text, e.g. {@code parameters}: 1 to 79 printable Latin-1 characters,
 *     without leading, trailing or consecutive blanks
 * @param text any Unicode text without the character 0
 */
public record EmbeddedText(String keyword, String text) {
  private static final int MAX_KEYWORD = 79;
  private static final char REPLACEMENT = '\uFFFD';

  public EmbeddedText {
    boolean printable = keyword.chars().allMatch(EmbeddedText::printsInLatin1);
    boolean blanks = keyword.strip().length() != keyword.length() || keyword.contains("  ");
    if (keyword.isEmpty() || keyword.length() > MAX_KEYWORD || !printable || blanks) {
      throw new IllegalArgumentException(
          "keyword: must be 1 to 79 printable Latin-1 characters with single blanks inside, is \""
              + keyword
              + "\"");
    }
    if (text.indexOf(0) >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new IllegalArgumentException(
          keyword + ": must be well-formed Unicode without the character 0");
    }
  }

  /**
   * Creates a text from any string: characters that a file cannot hold (0, unpaired surrogates)
   * become U+FFFD.
   */
  public static EmbeddedText lenient(String keyword, String text) {
    StringBuilder kept = new StringBuilder(text.length());
    text.codePoints()
        .map(
            c ->
                c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)
                    ? REPLACEMENT
                    : c)
        .forEach(kept::appendCodePoint);
    return new EmbeddedText(keyword, kept.toString());
  }

  /** Returns whether the text is Latin-1, so that PNG's plain form can hold it. */
  boolean plain() {
    return text.chars().allMatch(c -> c == '\n' || printsInLatin1(c));
  }

  private static boolean printsInLatin1(int c) {
    return (c >= 0x20 && c <= 0x7e) || (c >= 0xa1 && c <= 0xff);
  }
}
