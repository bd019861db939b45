package io.darkroom.onnx;

import io.darkroom.model.BrokenPackage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Recognises the cache of the Hugging Face hub: {@code models--ORG--NAME} with {@code blobs} and,
 * in {@code snapshots}, folders of links to them. A package must be a folder of regular files, so
 * that cleaning a cache cannot change its digest.
 */
final class HubCache {
  private static final String PREFIX = "models--";
  private static final String BLOBS = "blobs";

  private HubCache() {}

  /** Returns whether a folder is a repository in the cache. */
  static boolean is(Path folder) {
    return Files.isDirectory(folder.resolve("snapshots"))
        && Files.isDirectory(folder.resolve(BLOBS));
  }

  /** Returns the error that explains how to copy a package out of such a folder. */
  static BrokenPackage refusal(Path folder) {
    return new BrokenPackage(
        PackageFiles.TOP, "", "is the cache of the Hugging Face hub: " + download(folder));
  }

  /** Returns the error of a symbolic link. */
  static BrokenPackage link(String name, Path link) {
    String rule = "must not be a symbolic link";
    try {
      Path blob = link.resolveSibling(Files.readSymbolicLink(link)).toAbsolutePath().normalize();
      Path blobs = blob.getParent();
      if (blobs != null && blobs.endsWith(BLOBS) && blobs.getParent() != null) {
        rule += " into the cache of the Hugging Face hub: " + download(blobs.getParent());
      }
    } catch (IOException unreadable) {
      // Report it as an ordinary link.
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
