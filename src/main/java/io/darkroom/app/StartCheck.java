package io.darkroom.app;

import io.darkroom.attest.Keys;
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

  /** Why the worker cannot run; empty if there is no problem. */
  Optional<String> problem() {
    return Stream.of(
            models(config.models()),
            s3(config.s3()),
            spool.unusable(),
            key(config.signing()),
            port())
        .flatMap(Optional::stream)
        .findFirst();
  }

  /** A problem of the folders of packages. */
  static Optional<String> models(List<Path> folders) {
    return folders.stream()
        .filter(folder -> !Files.isDirectory(folder) || !Files.isReadable(folder))
        .findFirst()
        .map(
            folder ->
                "darkroom.models: must be a folder of model packages that can be read, is "
                    + folder.toAbsolutePath());
  }

  /** A problem of the settings of the store. */
  static Optional<String> s3(DarkroomConfig.S3 s3) {
    return credentials(s3).or(() -> authorities(s3)).or(() -> store(s3));
  }

  /** A problem of the credentials of the store. */
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

  /** A problem of what the store is asked to do. */
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

  /** A problem of how long addresses of outputs can be read. */
  static Optional<String> presigned(Optional<Duration> valid) {
    return valid
        .filter(each -> each.toSeconds() < 1 || each.compareTo(Presigner.LONGEST) > 0)
        .map(each -> "darkroom.output.presigned: must be 1 s to 7 days, is " + each);
  }

  /** A problem of the key of signatures. */
  static Optional<String> key(DarkroomConfig.Signing signing) {
    try {
      if (signing.keyFile().isPresent()) {
        Keys.privateKey(signing.keyFile().get());
      }
      return Optional.empty();
    } catch (IOException unusable) {
      return Optional.of("darkroom.signing.key-file: " + unusable.getMessage());
    }
  }

  private Optional<String> port() {
    int port = http.determinePort(LaunchMode.current());
    return http.hostEnabled() ? port(http.host(), port) : Optional.empty();
  }

  /** Why the HTTP server cannot listen on a port; 0 is any port. */
  static Optional<String> port(String host, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(host, port));
      return Optional.empty();
    } catch (IOException taken) {
      return Optional.of(
          "quarkus.http.port: must be a port that is free on "
              + host
              + ", is "
              + port
              + " ("
              + taken.getMessage()
              + ")");
    }
  }
}
