package io.darkroom.image;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the texts of a PNG file. */
public final class PngTextReader {

  private PngTextReader() {}

  /**
   * Returns the uncompressed texts ({@code tEXt}, {@code iTXt}) in the order of the file.
   * Compressed texts and texts that break the rules of {@link EmbeddedText} are skipped.
   *
   * @throws UnreadablePicture if the file is not a PNG file, or its chunks are damaged
   */
  public static List<EmbeddedText> read(byte[] file) throws UnreadablePicture {
    if (!MagicBytes.isPng(file)) {
      throw new UnreadablePicture(
          UnreadablePicture.Reason.UNSUPPORTED, "PNG: must begin with its signature");
    }
    PngChunks png = PngChunks.parse(file);
    List<EmbeddedText> texts = new ArrayList<>();
    for (PngChunks.Chunk chunk : png.chunks()) {
      if (chunk.type().equals("tEXt")) {
        plain(png.data(chunk)).ifPresent(texts::add);
      } else if (chunk.type().equals("iTXt")) {
        international(png.data(chunk)).ifPresent(texts::add);
      }
    }
    return texts;
  }

  private static Optional<EmbeddedText> plain(ByteBuffer data) {
    Optional<String> keyword = untilZero(data);
    return keyword.flatMap(key -> text(key, StandardCharsets.ISO_8859_1.decode(data).toString()));
  }

  private static Optional<EmbeddedText> international(ByteBuffer data) {
    Optional<String> keyword = untilZero(data);
    boolean compressed = data.remaining() < 2 || data.getShort() != 0;
    Optional<String> language = untilZero(data);
    Optional<String> translated = untilZero(data);
    if (compressed || language.isEmpty() || translated.isEmpty()) {
      return Optional.empty();
    }
    return keyword.flatMap(key -> text(key, StandardCharsets.UTF_8.decode(data).toString()));
  }

  private static Optional<EmbeddedText> text(String keyword, String text) {
    try {
      return Optional.of(new EmbeddedText(keyword, text));
    } catch (IllegalArgumentException againstTheRules) {
      return Optional.empty();
    }
  }

  private static Optional<String> untilZero(ByteBuffer data) {
    StringBuilder text = new StringBuilder();
    while (data.hasRemaining()) {
      char c = (char) (data.get() & 0xff);
      if (c == 0) {
        return Optional.of(text.toString());
      }
      text.append(c);
    }
    return Optional.empty();
  }
}
