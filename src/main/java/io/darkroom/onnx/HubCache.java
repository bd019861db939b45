package io.darkroom.onnx;

import io.darkroom.model.BrokenPackage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The Hugging Face hub's cache: {@code models--ORG--NAME} with {@code blobs} and, in {@code
 * snapshots}, folders of links to them. A package is served from a folder of its own files, whose
 * digest no cleaning of a cache can change.
 */
final class HubCache {
  private static final String PREFIX = "models--";
  private static final String BLOBS = "blobs";

  private HubCache() {}

  /** Whether a folder is a repository in the cache. */
  static boolean is(Path folder) {
    return Files.isDirectory(folder.resolve("snapshots"))
        && Files.isDirectory(folder.resolve(BLOBS));
  }

  /** The error that tells how to get a package out of such a folder. */
  static BrokenPackage refusal(Path folder) {
    return new BrokenPackage(
        PackageFiles.TOP, "", "is the cache of the Hugging Face hub: " + download(folder));
  }

  /** What is wrong with a symbolic link. */
  static BrokenPackage link(String name, Path link) {
    String rule = "must not be a symbolic link";
    try {
      Path blob = link.resolveSibling(Files.readSymbolicLink(link)).toAbsolutePath().normalize();
      Path blobs = blob.getParent();
      if (blobs != null && blobs.endsWith(BLOBS) && blobs.getParent() != null) {
        rule += " into the cache of the Hugging Face hub: " + download(blobs.getParent());
      }
    } catch (IOException unreadable) {
      // A link all the same.
    }
    return new BrokenPackage(name, "", rule);
  }

  private static String download(Path repository) {
    String name = String.valueOf(repository.getFileName());
    String known =
        name.startsWith(PREFIX)
            ? name.substring(PREFIX.length()).replace("--", "/")
            : "the repository";
    return "download " + known + " into a folder of its own with hf download --local-dir";
  }
}
