package io.darkroom.s3;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Settings of the client of the store.
 *
 * @param endpoint address of a store that is not AWS, e.g. {@code http://127.0.0.1:9000}; empty:
 *     AWS
 * @param region region in the signatures; most other stores accept any
 * @param pathStyle whether URLs have the bucket in the path instead of the host name
 * @param credentials empty: the SDK's default chain (environment, profile, container, instance)
 * @param caCertificates PEM file of certificate authorities that are trusted in addition to those
 *     of the JVM; empty: none
 * @param timeout timeout of one attempt, connection and transfer included
 * @param attempts attempts of one call, including the first, 1 to 10
 */
public record S3Settings(
    Optional<URI> endpoint,
    String region,
    boolean pathStyle,
    Optional<Credentials> credentials,
    Optional<Path> caCertificates,
    Duration timeout,
    int attempts) {

  public S3Settings {
    if (region.isBlank()) {
      throw new IllegalArgumentException("s3.region: must not be blank");
    }
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("s3.timeout: must be more than 0, is " + timeout);
    }
    if (attempts < 1 || attempts > 10) {
      throw new IllegalArgumentException("s3.attempts: must be 1 to 10, is " + attempts);
    }
  }

  /** Returns a copy with path-style URLs. */
  S3Settings withPathStyle() {
    return new S3Settings(endpoint, region, true, credentials, caCertificates, timeout, attempts);
  }

  /**
   * Fixed credentials. {@link #toString} does not show the secret key and the token.
   *
   * @param sessionToken token of temporary keys; empty: the keys are permanent
   */
  public record Credentials(
      String accessKeyId, String secretAccessKey, Optional<String> sessionToken) {

    /** Creates permanent keys. */
    public Credentials(String accessKeyId, String secretAccessKey) {
      this(accessKeyId, secretAccessKey, Optional.empty());
    }

    public Credentials {
      if (accessKeyId.isBlank() || secretAccessKey.isBlank()) {
        throw new IllegalArgumentException("s3: access key id and secret must not be blank");
      }
    }

    @Override
    public String toString() {
      return "Credentials[accessKeyId=" + accessKeyId + "]";
    }
  }
}
