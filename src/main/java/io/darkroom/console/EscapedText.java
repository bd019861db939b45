package io.darkroom.console;

import io.darkroom.text.Printable;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Bytes as text. Text in UTF-8 is unchanged, with its line ends and tabs. Otherwise each byte that
 * is not UTF-8 or belongs to an invisible character becomes {@code \xNN}, and a backslash becomes
 * two.
 *
 * @param escaped whether anything was escaped
 */
record EscapedText(String text, boolean escaped) {

  /** Returns the first bytes of an array as text. */
  static EscapedText of(byte[] bytes, int most) {
    ByteBuffer in = ByteBuffer.wrap(bytes, 0, Math.min(most, bytes.length));
    return plain(in.duplicate(), bytes.length > most)
        .map(text -> new EscapedText(text, false))
        .orElseGet(() -> new EscapedText(escape(in), true));
  }

  /** Returns the beginning of a text. */
  static EscapedText of(String text, int most) {
    return of(text.getBytes(StandardCharsets.UTF_8), most);
  }

  /**
   * Returns the text if all characters can be seen; empty otherwise. An incomplete character at a
   * cut is left out.
   */
  private static Optional<String> plain(ByteBuffer in, boolean cut) {
    CharBuffer out = CharBuffer.allocate(in.remaining());
    CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(in, out, !cut);
    String text = out.flip().toString();
    return !result.isError() && text.codePoints().allMatch(EscapedText::visible)
        ? Optional.of(text)
        : Optional.empty();
  }

  private static String escape(ByteBuffer in) {
    StringBuilder text = new StringBuilder();
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CharBuffer one = CharBuffer.allocate(2);
    while (in.hasRemaining()) {
      int length = length(in, decoder, one);
      String character = one.flip().toString();
      if (length > 0 && character.codePoints().allMatch(EscapedText::visible)) {
        text.append(character.replace("\\", "\\\\"));
      } else {
        for (int i = 0; i < Math.max(1, length); i++) {
          text.append("\\x%02x".formatted(in.get(in.position() + i)));
        }
      }
      in.position(in.position() + Math.max(1, length));
    }
    return text.toString();
  }

  /** Decodes one character. Returns the number of its bytes; 0 if they are not UTF-8. */
  private static int length(ByteBuffer in, CharsetDecoder decoder, CharBuffer one) {
    for (int length = 1; length <= Math.min(4, in.remaining()); length++) {
      one.clear();
      decoder.reset();
      ByteBuffer part = in.duplicate().limit(in.position() + length);
      if (!decoder.decode(part, one, true).isError()) {
        return length;
      }
    }
    one.clear();
    return 0;
  }

  private static boolean visible(int character) {
    return character == '\n'
        || character == '\t'
        || character == '\r'
        || Printable.isVisible(character);
  }
}
