package io.darkroom.s3;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How the store is reached.
 *
 * @param endpoint of a store that is not AWS, e.g. {@code http://127.0.0.1:9000}; empty = AWS
 * @param region that requests are signed for; most other stores take any
 * @param pathStyle whether the bucket stands in the path and not in the host's name
 * @param credentials empty = the SDK's default chain: environment, profile, container, instance
 * @param caCertificates PEM file of authorities that are trusted beside the JVM's; empty = those
 *     alone
 * @param timeout of one attempt, connection and transfer included
 * @param attempts of one call, the first included, 1 to 10
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

  /**
   * A fixed pair of keys; the secret one and the token are in no text.
   *
   * @param sessionToken of temporary keys; empty = the keys are lasting ones
   */
  public record Credentials(
      String accessKeyId, String secretAccessKey, Optional<String> sessionToken) {

    /** A pair of lasting keys. */
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
