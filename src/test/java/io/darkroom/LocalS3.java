package io.darkroom;

import io.darkroom.s3.S3Clients;
import io.darkroom.s3.S3Settings;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;

/** An S3 server in this process that stores buckets as folders and objects as files. */
public final class LocalS3 implements AutoCloseable {
  /** The only pair of keys that it accepts. */
  public static final S3Settings.Credentials KEYS =
      new S3Settings.Credentials("local", "locallocal");

  private final Optional<LocalCertificate> certificate;
  private final S3Proxy server;

  /**
   * Starts on a port, or on any free one if it is 0.
   *
   * @throws IllegalStateException if the port is in use
   */
  public LocalS3(Path folder, int port) throws Exception {
    this(folder, port, Optional.empty());
  }

  /** Starts a server with HTTPS. */
  public LocalS3(Path folder, int port, LocalCertificate certificate) throws Exception {
    this(folder, port, Optional.of(certificate));
  }

  private LocalS3(Path folder, int port, Optional<LocalCertificate> certificate) throws Exception {
    int taken = Ports.take("S3", port);
    Files.createDirectories(folder);
    this.certificate = certificate;
    S3Proxy.Builder builder =
        S3Proxy.builder()
            .blobStore(new FilesystemNio2BlobStore(folder.toString()))
            .awsAuthentication(
                AuthenticationType.AWS_V4, KEYS.accessKeyId(), KEYS.secretAccessKey())
            .ignoreUnknownHeaders(true);
    if (certificate.isPresent()) {
      builder
          .secureEndpoint(URI.create("https://127.0.0.1:" + taken))
          .keyStore(certificate.get().keyStore().toString(), LocalCertificate.PASSWORD);
    } else {
      builder.endpoint(URI.create("http://127.0.0.1:" + taken));
    }
    server = builder.build();
    server.start();
  }

  /**
   * Returns the environment variables of a worker that uses this store.
   *
   * @param endpoint address of the store, or of a proxy in front of it
   */
  public static Map<String, String> environment(URI endpoint) {
    return Map.of(
        "DARKROOM_S3_ENDPOINT",
        endpoint.toString(),
        "DARKROOM_S3_PATH_STYLE",
        "true",
        "DARKROOM_S3_ACCESS_KEY_ID",
        KEYS.accessKeyId(),
        "DARKROOM_S3_SECRET_ACCESS_KEY",
        KEYS.secretAccessKey());
  }

  /** Returns its endpoint. */
  public URI endpoint() {
    return certificate.isPresent()
        ? URI.create("https://127.0.0.1:" + server.getSecurePort())
        : URI.create("http://127.0.0.1:" + server.getPort());
  }

  /** Returns the settings of a client. */
  public S3Settings settings() {
    return settings(KEYS);
  }

  /** Returns the settings of a client with these keys. */
  public S3Settings settings(S3Settings.Credentials keys) {
    return settings(endpoint(), keys);
  }

  /** Returns the settings of a client behind a proxy. */
  public S3Settings settings(URI proxy) {
    return settings(proxy, KEYS);
  }

  private S3Settings settings(URI endpoint, S3Settings.Credentials keys) {
    return new S3Settings(
        Optional.of(endpoint),
        "eu-central-1",
        true,
        Optional.of(keys),
        certificate.map(LocalCertificate::pem),
        Duration.ofSeconds(20),
        3);
  }

  /** Creates a bucket; an existing one is not changed. */
  public void createBucket(String bucket) {
    try (S3Client client = S3Clients.open(settings())) {
      client.createBucket(request -> request.bucket(bucket));
    } catch (BucketAlreadyOwnedByYouException there) {
      // A folder of an earlier run.
    }
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("S3: did not stop", e);
    }
  }
}
