package io.darkroom.app.models;

import io.darkroom.job.ModelRef;
import io.darkroom.model.BrokenPackage;
import io.darkroom.onnx.ModelPackage;
import io.darkroom.onnx.PackageCatalog;
import io.darkroom.render.ObjectStore.StoreFailure;
import io.darkroom.render.ObjectUri;
import io.darkroom.s3.ListedObject;
import io.darkroom.s3.S3Objects;
import io.darkroom.text.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the packages under a prefix of a bucket: each folder of the first level, or the prefix
 * itself if it has a {@code model_index.json}. As in folders on the disk, hidden folders and those
 * without a model are left out. Names are checked before anything is downloaded.
 */
final class PackageListing {
  static final int MOST_PACKAGES = 1000;
  static final int MOST_FILES = 10_000;

  private static final String TOP = ".";

  private final S3Objects objects;
  private final StoreCalls calls;
  private final List<BucketPackage> packages = new ArrayList<>();
  private final List<BrokenPackage> broken = new ArrayList<>();

  PackageListing(S3Objects objects, StoreCalls calls) {
    this.objects = objects;
    this.calls = calls;
  }

  List<BucketPackage> packages() {
    return packages;
  }

  List<BrokenPackage> broken() {
    return broken;
  }

  /**
   * Adds the packages under a prefix.
   *
   * @throws UnusableModels if the store refuses to list it, or if it has too many folders
   */
  void add(ObjectUri prefix) throws UnusableModels {
    S3Objects.Level level = level(prefix);
    if (level.objects().stream()
        .anyMatch(each -> each.key().equals(prefix.key() + ModelPackage.INDEX))) {
      add(lastSegment(prefix), prefix.bucket(), prefix.key());
      return;
    }
    for (String folder : level.folders()) {
      boolean hidden = folder.startsWith(".") && PackageFileNames.problem(folder).isEmpty();
      if (!hidden) {
        add(folder, prefix.bucket(), prefix.key() + folder + "/");
      }
    }
  }

  /**
   * Returns the first level under a prefix.
   *
   * @throws UnusableModels if the store refuses to list it, or if it has too many folders
   */
  S3Objects.Level level(ObjectUri prefix) throws UnusableModels {
    try {
      S3Objects.Level level = calls.call(() -> objects.level(prefix, MOST_PACKAGES));
      if (level.folders().size() + level.objects().size() > MOST_PACKAGES) {
        throw new UnusableModels(prefix + ": must have at most " + MOST_PACKAGES + " folders");
      }
      return level;
    } catch (StoreFailure failure) {
      throw new UnusableModels(String.valueOf(failure.getMessage()), failure);
    }
  }

  private void add(String name, String bucket, String prefix) {
    try {
      Optional<String> unsafe = PackageFileNames.problem(name);
      if (unsafe.isPresent()) {
        throw new BrokenPackage(TOP, "", unsafe.get());
      }
      read(name, new ObjectUri(bucket, prefix)).ifPresent(packages::add);
    } catch (BrokenPackage problem) {
      broken.add(problem.in(ListedFiles.shown(name)));
    } catch (IllegalArgumentException | StoreFailure problem) {
      broken.add(new BrokenPackage(TOP, "", message(problem), problem).in(ListedFiles.shown(name)));
    }
  }

  private static void checkName(String name) throws BrokenPackage {
    if (!ModelRef.isName(name)) {
      throw new BrokenPackage(TOP, "", "the folder's name must be " + ModelRef.NAME_RULE);
    }
  }

  /**
   * Returns the package of a prefix as it is listed; empty if it has no model.
   *
   * @throws BrokenPackage if a name breaks a rule, or there are too many files
   * @throws StoreFailure if it cannot be listed
   */
  Optional<BucketPackage> read(String name, ObjectUri prefix) throws BrokenPackage {
    List<ListedObject> found =
        calls.call(() -> objects.list(prefix.bucket(), prefix.key(), MOST_FILES));
    if (found.stream().noneMatch(each -> PackageCatalog.meant(each.key()))) {
      return Optional.empty();
    }
    checkName(name);
    if (found.size() > MOST_FILES) {
      throw new BrokenPackage(TOP, "", "must have at most " + MOST_FILES + " files");
    }
    return Optional.of(new BucketPackage(name, prefix, ListedFiles.of(prefix, found)));
  }

  private static String lastSegment(ObjectUri prefix) {
    String path = prefix.bucket() + "/" + prefix.key();
    String whole = path.substring(0, path.length() - 1);
    return whole.substring(whole.lastIndexOf('/') + 1);
  }

  static String message(Exception problem) {
    return Printable.collapsed(String.valueOf(problem.getMessage()));
  }
}
