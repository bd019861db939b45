package io.darkroom.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;

/**
 * The certificate of a server, as PEM files. The Kafka client reads them, because it has the same
 * files for brokers.
 *
 * @param certificate certificate chain, the server's own certificate first
 * @param key its private key without a password (PKCS #8)
 */
public record TlsFiles(Path certificate, Path key) {
  private static final long MAX_BYTES = 1 << 20;

  /**
   * Returns the files; empty if there are none.
   *
   * @throws IllegalArgumentException if one of the two is missing
   */
  public static Optional<TlsFiles> of(Optional<Path> certificate, Optional<Path> key) {
    if (certificate.isPresent() != key.isPresent()) {
      throw new IllegalArgumentException(
          "TLS needs a certificate and its key, but the %s is missing"
              .formatted(certificate.isPresent() ? "key" : "certificate"));
    }
    return certificate.map(chain -> new TlsFiles(chain, key.orElseThrow()));
  }

  /** Returns why a server cannot have these files; empty if it can. Reads them. */
  public Optional<String> problem() {
    try {
      read();
      return Optional.empty();
    } catch (IOException unusable) {
      return Optional.of(String.valueOf(unusable.getMessage()));
    }
  }

  /**
   * Reads the files.
   *
   * @throws IOException if a file cannot be read, or they are not a certificate and its key
   */
  SSLContext read() throws IOException {
    Map<String, Object> settings =
        Map.of(
            SslConfigs.SSL_KEYSTORE_TYPE_CONFIG,
            DefaultSslEngineFactory.PEM_TYPE,
            SslConfigs.SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG,
            text(certificate),
            SslConfigs.SSL_KEYSTORE_KEY_CONFIG,
            text(key));
    try (DefaultSslEngineFactory factory = new DefaultSslEngineFactory()) {
      factory.configure(
          new AbstractConfig(new ConfigDef().withClientSslSupport(), settings, false).values());
      return factory.sslContext();
    } catch (KafkaException unusable) {
      throw new IOException(
          "TLS: %s and %s are not a certificate and its key: %s"
              .formatted(certificate, key, reason(unusable)),
          unusable);
    }
  }

  private static Password text(Path file) throws IOException {
    if (!Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) {
      throw new IOException("TLS: " + file + " must be a PEM file of at most 1 MiB");
    }
    return new Password(Files.readString(file));
  }

  private static String reason(Throwable failure) {
    Throwable last = failure;
    while (last.getCause() != null) {
      last = last.getCause();
    }
    return String.valueOf(last.getMessage());
  }
}
