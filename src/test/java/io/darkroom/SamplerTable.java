package io.darkroom;

import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.Proofs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Measures what is proven of samplers, options and curves, and prints it: {@code mvn -q -DskipTests
 * package exec:exec@samplers}; with {@code -Dsamplers.readme=README.md} the file's section becomes
 * what was printed.
 */
public final class SamplerTable {
  static final String BEGIN = "<!-- samplers: begin -->\n";
  static final String END = "<!-- samplers: end -->\n";

  private SamplerTable() {}

  public static void main(String[] args) throws InvalidSampling, IOException {
    String table = Proofs.markdown();
    System.out.println(table);
    if (args.length > 0 && !args[0].isEmpty()) {
      Path readme = Path.of(args[0]);
      String text = Files.readString(readme);
      String rest = text.substring(text.indexOf(END));
      Files.writeString(readme, text.substring(0, text.indexOf(BEGIN)) + BEGIN + table + rest);
    }
  }

  /** What stands between the marks of the section. */
  static String section(String readme) {
    int begin = readme.indexOf(BEGIN);
    int end = readme.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IllegalArgumentException("README: must have " + BEGIN.strip() + " and its end");
    }
    return readme.substring(begin + BEGIN.length(), end);
  }
}
