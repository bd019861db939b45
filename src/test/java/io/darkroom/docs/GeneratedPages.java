package io.darkroom.docs;

import java.io.IOException;

/** Writes the tables of the documentation that are made from the code. */
public final class GeneratedPages {
  /** How to update them. */
  static final String COMMAND = "to update it: mvn -q -DskipTests package exec:exec@pages";

  private GeneratedPages() {}

  public static void main(String[] args) throws IOException {
    ConfigurationTable.SECTION.write(ConfigurationTable.PAGE, ConfigurationTable.markdown());
    SamplerNames.SECTION.write(SamplerNames.PAGE, SamplerNames.markdown());
  }
}
