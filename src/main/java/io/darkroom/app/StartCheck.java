package io.darkroom.app;

import io.darkroom.app.models.ModelSource;
import io.darkroom.s3.Presigner;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.vertx.http.runtime.VertxHttpConfig;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Checks the configuration before anything is loaded; each problem names its key. */
@Singleton
final class StartCheck {
  private final DarkroomConfig config;
  private final ResultSpool spool;
  private final VertxHttpConfig http;

  @Inject
  StartCheck(DarkroomConfig config, ResultSpool spool, VertxHttpConfig http) {
    this.spool = spool;
    this.config = config;
    this.http = http;
  }

  /** Returns why the worker cannot run; empty if there is no problem. */
  Optional<String> problem() {
    return Stream.of(
            models(config.models()),
            onDemand(config.modelsOnDemand()),
            modelsCache(config),
            s3(config.s3()),
            spool.unusable(),
            Configured.signingProblem(config.signing()),
            console(config),
            port())
        .flatMap(Optional::stream)
        .findFirst();
  }

  /** Checks the folders of packages. */
  static Optional<String> models(List<ModelSource> sources) {
    return ModelSource.folders(sources).stream()
        .filter(folder -> !Files.isDirectory(folder) || !Files.isReadable(folder))
        .findFirst()
        .map(
            folder ->
                "darkroom.models: must be a folder of model packages that can be read, is "
                    + folder.toAbsolutePath());
  }

  /** Checks the places of packages on demand. */
  static Optional<String> onDemand(DarkroomConfig.ModelsOnDemand config) {
    return ModelSource.folders(config.buckets().orElse(List.of())).stream()
        .findFirst()
        .map(
            folder ->
                "darkroom.models-on-demand.buckets: must be s3://bucket/prefix/, is " + folder);
  }

  /** Checks the folder for downloaded packages if there are any. */
  static Optional<String> modelsCache(DarkroomConfig config) {
    if (ModelSource.prefixes(config.models()).isEmpty()
        && config.modelsOnDemand().buckets().isEmpty()) {
      return Optional.empty();
    }
    Path folder = Configured.modelsCache(config.modelsCache());
    try {
      Files.createDirectories(folder);
      return Files.isWritable(folder) ? Optional.empty() : Optional.of(unusable(folder));
    } catch (IOException failure) {
      return Optional.of(unusable(folder));
    }
  }

  private static String unusable(Path cache) {
    return "darkroom.models-cache.folder: must be a folder that can be written, is "
        + cache.toAbsolutePath();
  }

  /** Checks the settings of the store. */
  static Optional<String> s3(DarkroomConfig.S3 s3) {
    return credentials(s3).or(() -> authorities(s3)).or(() -> store(s3));
  }

  /** Checks the credentials of the store. */
  static Optional<String> credentials(DarkroomConfig.S3 s3) {
    if (s3.accessKeyId().isPresent() != s3.secretAccessKey().isPresent()) {
      return Optional.of(
          "darkroom.s3: access-key-id and secret-access-key must be set together, "
              + (s3.accessKeyId().isPresent() ? "the second" : "the first")
              + " is missing");
    }
    return s3.sessionToken().isPresent() && s3.accessKeyId().isEmpty()
        ? Optional.of(
            "darkroom.s3.session-token: must come with access-key-id and secret-access-key")
        : Optional.empty();
  }

  private static Optional<String> authorities(DarkroomConfig.S3 s3) {
    return s3.caCertificates()
        .filter(file -> !Files.isRegularFile(file) || !Files.isReadable(file))
        .map(
            file ->
                "darkroom.s3.ca-certificates: must be a file that can be read, is "
                    + file.toAbsolutePath());
  }

  /** Checks the options of writes to the store. */
  static Optional<String> store(DarkroomConfig.S3 s3) {
    try {
      Configured.s3Options(s3);
      return s3.kmsKeyId().isPresent() && s3.encryption().isEmpty()
          ? Optional.of("darkroom.s3.kms-key-id: must come with darkroom.s3.encryption")
          : Optional.empty();
    } catch (IllegalArgumentException problem) {
      return Optional.of("darkroom." + problem.getMessage());
    }
  }

  /** Checks the validity of presigned URLs of outputs. */
  static Optional<String> presigned(Optional<Duration> valid) {
    return valid
        .filter(each -> each.toSeconds() < 1 || each.compareTo(Presigner.LONGEST) > 0)
        .map(each -> "darkroom.output.presigned: must be 1 s to 7 days, is " + each);
  }

  /** Checks the settings of the console if it is switched on. */
  static Optional<String> console(DarkroomConfig config) {
    DarkroomConfig.Console console = config.console();
    return console.enabled()
        ? consoleSettings(config)
            .or(() -> port("darkroom.console.port", console.address(), console.port()))
        : Optional.empty();
  }

  private static Optional<String> consoleSettings(DarkroomConfig config) {
    try {
      return Configured.console(config).problem();
    } catch (IllegalArgumentException incomplete) {
      return Optional.of("darkroom.console.tls-certificate, tls-key: " + incomplete.getMessage());
    }
  }

  private Optional<String> port() {
    int port = http.determinePort(LaunchMode.current());
    return http.hostEnabled() ? port("quarkus.http.port", http.host(), port) : Optional.empty();
  }

  /** Returns why an HTTP server cannot listen on a port. Port 0 means any free port. */
  static Optional<String> port(String key, String host, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(host, port));
      return Optional.empty();
    } catch (IOException taken) {
      return Optional.of(
          key
              + ": must be a port that is free on "
              + host
              + ", is "
              + port
              + " ("
              + taken.getMessage()
              + ")");
    }
  }
}
