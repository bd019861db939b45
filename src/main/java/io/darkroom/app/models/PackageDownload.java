package io.darkroom.app.models;

import io.darkroom.model.BrokenPackage;
import io.darkroom.render.ObjectStore.StoreFailure;
import io.darkroom.render.ObjectUri;
import io.darkroom.s3.ListedObject;
import io.darkroom.s3.S3Objects;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Downloads packages. A package with a {@code SHA256SUMS} is compared with it. */
final class PackageDownload {
  private static final double SECOND = TimeUnit.SECONDS.toNanos(1);

  private final S3Objects objects;
  private final StoreCalls calls;
  private final LongSupplier nanoClock;
  private final Consumer<String> progress;

  /**
   * @param progress receives a line when the download of a package begins and when it ends
   */
  PackageDownload(
      S3Objects objects, StoreCalls calls, LongSupplier nanoClock, Consumer<String> progress) {
    this.objects = objects;
    this.calls = calls;
    this.nanoClock = nanoClock;
    this.progress = progress;
  }

  /**
   * Writes all files of a package into an empty folder.
   *
   * @throws BrokenPackage if a file cannot be read or has a wrong digest
   * @throws IOException if a file cannot be written
   */
  void into(Path folder, BucketPackage pack) throws BrokenPackage, IOException {
    long began = nanoClock.getAsLong();
    progress.accept(
        "package download begins model=%s files=%d bytes=%d from=%s"
            .formatted(pack.name(), pack.files().size(), pack.bytes(), pack.prefix()));
    Optional<DigestList> digests = digests(folder, pack);
    for (Map.Entry<String, ListedObject> file : pack.files().entrySet()) {
      if (!file.getKey().equals(DigestList.FILE)) {
        Path path = file(folder, pack.uri(file.getKey()), file.getKey(), file.getValue());
        if (digests.isPresent()) {
          digests.get().check(file.getKey(), path);
        }
      }
    }
    progress.accept(
        String.format(
            Locale.ROOT,
            "package downloaded model=%s bytes=%d seconds=%.1f",
            pack.name(),
            pack.bytes(),
            (nanoClock.getAsLong() - began) / SECOND));
  }

  private Optional<DigestList> digests(Path folder, BucketPackage pack)
      throws BrokenPackage, IOException {
    ListedObject list = pack.files().get(DigestList.FILE);
    if (list == null) {
      return Optional.empty();
    }
    DigestList digests =
        DigestList.read(file(folder, pack.uri(DigestList.FILE), DigestList.FILE, list));
    digests.checkNames(pack.files().keySet());
    return Optional.of(digests);
  }

  private Path file(Path folder, ObjectUri uri, String name, ListedObject listed)
      throws BrokenPackage, IOException {
    Path file = folder.resolve(name).normalize();
    if (!file.startsWith(folder)) {
      throw new BrokenPackage(name, "", "must not lead out of the package");
    }
    Files.createDirectories(file.resolveSibling("."));
    try {
      return calls.call(() -> download(uri, listed, file));
    } catch (StoreFailure failure) {
      throw new BrokenPackage(name, "", String.valueOf(failure.getMessage()), failure);
    }
  }

  private Path download(ObjectUri uri, ListedObject listed, Path file) throws IOException {
    Files.deleteIfExists(file); // of the failed try
    objects.download(uri, listed, file);
    return file;
  }
}
