package io.darkroom.docs;

import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.sampler.Proofs;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Measures how samplers, options and curves are tested, and prints the tables: {@code mvn -q
 * -DskipTests package exec:exec@samplers}; with {@code -Dsamplers.page=src/docs/samplers.md} it
 * also replaces the section of that page.
 */
public final class SamplerTable {
  static final PageSection SECTION = new PageSection("samplers");

  private SamplerTable() {}

  public static void main(String[] args) throws InvalidSampling, IOException {
    String table = Proofs.markdown();
    System.out.println(table);
    if (args.length > 0 && !args[0].isEmpty()) {
      SECTION.write(Path.of(args[0]), table);
    }
  }
}
