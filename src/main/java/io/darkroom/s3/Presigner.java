package io.darkroom.s3;

import io.darkroom.render.ObjectUri;
import java.time.Duration;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/**
 * Creates presigned URLs, from which objects can be read without credentials for a limited time. It
 * does not call the store. Safe for use by many threads.
 */
public final class Presigner {
  /** Maximum validity that Signature Version 4 allows. */
  public static final Duration LONGEST = Duration.ofDays(7);

  private final S3Access access;
  private final Duration valid;
  private final S3Presigner asConfigured;
  private final S3Presigner pathStyle;

  /**
   * @param access says whether URLs have the bucket in the path
   * @param valid validity of a URL from its creation, 1 s to {@link #LONGEST}; with temporary keys
   *     it ends when the keys expire, if that is earlier
   */
  public Presigner(S3Settings settings, S3Access access, Duration valid) {
    this.access = access;
    this.valid = valid;
    this.asConfigured = presigner(settings);
    this.pathStyle = presigner(settings.withPathStyle());
  }

  /** Returns a URL of an object. Does not check whether the object exists. */
  public String address(ObjectUri uri) {
    S3Presigner presigner = access.profile().pathStyle() ? pathStyle : asConfigured;
    return presigner
        .presignGetObject(
            sign ->
                sign.signatureDuration(valid)
                    .getObjectRequest(get -> get.bucket(uri.bucket()).key(uri.key())))
        .url()
        .toString();
  }

  private static S3Presigner presigner(S3Settings settings) {
    S3Presigner.Builder builder =
        S3Presigner.builder()
            .region(Region.of(settings.region()))
            .credentialsProvider(S3Clients.credentials(settings))
            .serviceConfiguration(
                S3Configuration.builder().pathStyleAccessEnabled(settings.pathStyle()).build());
    settings.endpoint().ifPresent(builder::endpointOverride);
    return builder.build();
  }
}
