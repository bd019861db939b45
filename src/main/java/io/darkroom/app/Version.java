package io.darkroom.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** Reads the version of the program from a file that the build writes. */
public final class Version implements IVersionProvider {
  private static final String FILE = "/darkroom-version.properties";

  /** Returns the version number, e.g. {@code 0.1.0}. */
  public static String number() {
    try (InputStream file = Version.class.getResourceAsStream(FILE)) {
      if (file == null) {
        throw new IllegalStateException(FILE + ": must be on the class path");
      }
      Properties properties = new Properties();
      properties.load(file);
      return properties.getProperty("version", "unknown");
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  @Override
  public String[] getVersion() {
    return new String[] {"darkroom " + number()};
  }
}
