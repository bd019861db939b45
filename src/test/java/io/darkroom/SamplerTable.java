package io.darkroom;

import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.Proofs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Measures what is proven of samplers, options and curves, and prints it: {@code mvn -q -DskipTests
 * package exec:exec@samplers}; with {@code -Dsamplers.page=src/docs/samplers.md} the section of
 * that page is replaced by it.
 */
public final class SamplerTable {
  static final String BEGIN = "<!-- samplers: begin -->\n";
  static final String END = "<!-- samplers: end -->\n";

  private SamplerTable() {}

  public static void main(String[] args) throws InvalidSampling, IOException {
    String table = Proofs.markdown();
    System.out.println(table);
    if (args.length > 0 && !args[0].isEmpty()) {
      Path page = Path.of(args[0]);
      String text = Files.readString(page);
      String rest = text.substring(text.indexOf(END));
      Files.writeString(page, text.substring(0, text.indexOf(BEGIN)) + BEGIN + table + rest);
    }
  }

  /** The text between the two marks of the page. */
  static String section(String page) {
    int begin = page.indexOf(BEGIN);
    int end = page.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IllegalArgumentException(
          "page: must contain " + BEGIN.strip() + " and " + END.strip());
    }
    return page.substring(begin + BEGIN.length(), end);
  }
}
