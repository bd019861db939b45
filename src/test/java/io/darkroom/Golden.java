package io.darkroom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.darkroom.image.MalformedNpy;
import io.darkroom.image.Npy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The golden numbers: those of the test resources, or of another folder of the same format named by
 * {@code -Ddarkroom.golden=FOLDER}.
 */
public final class Golden {
  /** The system property that names another folder. */
  public static final String FOLDER = "darkroom.golden";

  /** The golden numbers of this repository. */
  public static final Path OWN = Path.of("src/test/resources/golden");

  private static final int MAX_ELEMENTS = 1 << 24;

  private Golden() {}

  /** A file or folder of the golden numbers. */
  public static Path path(String relative) {
    return Path.of(System.getProperty(FOLDER, OWN.toString())).resolve(relative);
  }

  /** A JSON file. */
  public static JsonNode json(String relative) {
    try {
      return new ObjectMapper().readTree(path(relative).toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An NPY file. */
  public static Npy npy(String relative) {
    try {
      return Npy.read(Files.readAllBytes(path(relative)), MAX_ELEMENTS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (MalformedNpy e) {
      throw new AssertionError(relative, e);
    }
  }
}
