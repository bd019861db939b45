package io.darkroom.app.cli;

import io.darkroom.render.ObjectStore;
import io.darkroom.render.ObjectUri;
import io.darkroom.replay.ReplayStore;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The place of the new results of a replay: a folder, or a prefix in the configured store.
 *
 * @param folder empty if the results go to the configured store
 * @param prefix prefix of the addresses of all new results
 */
record ReplayOutput(Optional<Path> folder, ObjectUri prefix) {
  private static final ObjectUri LOCAL = ObjectUri.parse("s3://replays/");

  /** Converts a folder or {@code s3://bucket/prefix/}. The last slash may be left out. */
  static final class Converter implements ITypeConverter<ReplayOutput> {
    @Override
    public ReplayOutput convert(String value) {
      try {
        return value.startsWith("s3:")
            ? new ReplayOutput(Optional.empty(), new UriOption().convert(value))
            : new ReplayOutput(Optional.of(Path.of(value)), LOCAL);
      } catch (InvalidPathException invalid) {
        throw new TypeConversionException("must be a folder or s3://bucket/prefix/, is " + value);
      }
    }
  }

  /** Returns a store with the original objects, of which only those of the replay are written. */
  ObjectStore store(Originals originals) {
    ObjectStore replays =
        folder.isPresent() ? new FolderStore(folder.get()) : originals.configuredStore();
    return new ReplayStore(originals.store(), replays, prefix);
  }

  /** Checks that objects can be written under the prefix, if the results go to the store. */
  void check(Originals originals) {
    if (folder.isEmpty()) {
      originals.checkWritable(prefix);
    }
  }

  /** Returns whether one of two prefixes of the configured store contains the other. */
  boolean overlaps(ObjectUri other) {
    return folder.isEmpty()
        && prefix.bucket().equals(other.bucket())
        && (prefix.key().startsWith(other.key()) || other.key().startsWith(prefix.key()));
  }

  @Override
  public String toString() {
    return folder.map(Path::toString).orElseGet(prefix::toString);
  }
}
