package io.darkroom.app.cli;

import io.darkroom.app.Configured;
import io.darkroom.app.DarkroomConfig;
import io.darkroom.app.models.LocatedModels;
import io.darkroom.app.models.ModelFolders;
import io.darkroom.app.models.ModelSource;
import io.darkroom.onnx.PackageCatalog;
import io.darkroom.s3.S3Access;
import io.darkroom.s3.S3Clients;
import io.darkroom.s3.S3Objects;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import software.amazon.awssdk.services.s3.S3Client;

/** Finds packages for commands. Unlike a worker, a command does not wait for the store. */
final class LocalModels {

  private LocalModels() {}

  /**
   * Returns the packages, and prints the errors of the broken ones.
   *
   * @throws IOException if a place of packages cannot be read
   */
  static PackageCatalog read(List<ModelSource> sources, DarkroomConfig config, Terminal terminal)
      throws IOException {
    LocatedModels located = locate(sources, config, terminal);
    PackageCatalog catalog = PackageCatalog.read(located.folders());
    located.broken().forEach(each -> terminal.complain(String.valueOf(each.getMessage())));
    catalog.broken().values().forEach(each -> terminal.complain(String.valueOf(each.getMessage())));
    return catalog;
  }

  /**
   * Returns the folders of packages. Downloaded ones stay in the cache until the process ends.
   *
   * @throws IOException if a prefix of packages or the cache cannot be used
   */
  @SuppressWarnings("resource") // it is open until the process ends
  static LocatedModels locate(List<ModelSource> sources, DarkroomConfig config, Terminal terminal)
      throws IOException {
    if (ModelSource.prefixes(sources).isEmpty()) {
      return LocatedModels.in(ModelSource.folders(sources));
    }
    try (S3Client client = S3Clients.open(Configured.s3(config.s3()))) {
      ModelFolders folders =
          new ModelFolders(
              () -> new S3Objects(new S3Access(client, Configured.s3Options(config.s3()))),
              Configured.buckets(config, Duration.ZERO, Duration.ZERO),
              Clock.systemUTC(),
              System::nanoTime,
              new ModelFolders.Report(terminal::complain, terminal::complain));
      return folders.locate(sources);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", stop);
    }
  }
}
