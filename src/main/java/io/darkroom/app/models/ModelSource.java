package io.darkroom.app.models;

import io.darkroom.render.ObjectUri;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A place of model packages: a folder, or a prefix in a bucket.
 *
 * @param folder a folder of packages, or a package
 * @param prefix a prefix of packages, or of one package; present if there is no folder
 */
public record ModelSource(Optional<Path> folder, Optional<ObjectUri> prefix) {

  /** Returns a folder on the disk. */
  public static ModelSource in(Path folder) {
    return new ModelSource(Optional.of(folder), Optional.empty());
  }

  /**
   * Parses a path or {@code s3://bucket/prefix/}, whose last slash may be left out.
   *
   * @throws IllegalArgumentException if it is neither
   */
  public static ModelSource of(String text) {
    if (!text.startsWith("s3:")) {
      return in(Path.of(text));
    }
    try {
      String prefix = text.endsWith("/") ? text : text + "/";
      return new ModelSource(Optional.empty(), Optional.of(ObjectUri.parse(prefix)));
    } catch (IllegalArgumentException wrong) {
      throw new IllegalArgumentException(
          "must be a folder or s3://bucket/prefix/, is " + text + " (" + wrong.getMessage() + ")",
          wrong);
    }
  }

  /** Returns the folders among some places. */
  public static List<Path> folders(List<ModelSource> sources) {
    return sources.stream().flatMap(source -> source.folder().stream()).toList();
  }

  /** Returns the prefixes among some places. */
  public static List<ObjectUri> prefixes(List<ModelSource> sources) {
    return sources.stream().flatMap(source -> source.prefix().stream()).toList();
  }

  @Override
  public String toString() {
    return folder.map(Path::toString).or(() -> prefix.map(ObjectUri::toString)).orElse("");
  }
}
