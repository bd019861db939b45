package io.darkroom.s3;

import java.time.Duration;
import java.util.List;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.scheme.AuthSchemeOption;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.auth.scheme.S3AuthSchemeParams;
import software.amazon.awssdk.services.s3.auth.scheme.S3AuthSchemeProvider;

/**
 * Creates clients of the AWS SDK. Each signature includes the SHA-256 of the body, also over HTTPS,
 * and a body is not sent in signed chunks. Therefore the store verifies the bytes that it receives,
 * and stores without support for chunked signatures work.
 */
public final class S3Clients {
  /** More connections than operations may use, so that checks of the store do not wait for them. */
  private static final int MAX_CONNECTIONS = S3Options.MOST_CALLS + 8;

  private S3Clients() {}

  /** Creates a client; the caller closes it. */
  public static S3Client open(S3Settings settings) {
    return builder(settings).httpClientBuilder(http(settings)).build();
  }

  private static Apache5HttpClient.Builder http(S3Settings settings) {
    Apache5HttpClient.Builder http =
        Apache5HttpClient.builder()
            .maxConnections(MAX_CONNECTIONS)
            .connectionTimeout(settings.timeout())
            .socketTimeout(settings.timeout());
    settings
        .caCertificates()
        .map(TrustedCertificates::with)
        .ifPresent(trusted -> http.tlsTrustManagersProvider(() -> trusted));
    return http;
  }

  static S3ClientBuilder builder(S3Settings settings) {
    S3ClientBuilder builder =
        S3Client.builder()
            .region(Region.of(settings.region()))
            .credentialsProvider(credentials(settings))
            // ObjectWriter adds the checksum itself, unless the store refuses it.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .authSchemeProvider(S3Clients::signingBodies)
            .serviceConfiguration(
                S3Configuration.builder()
                    .chunkedEncodingEnabled(false)
                    .pathStyleAccessEnabled(settings.pathStyle())
                    .build())
            .overrideConfiguration(bounds(settings));
    settings.endpoint().ifPresent(builder::endpointOverride);
    return builder;
  }

  /**
   * Returns the limits of one call: at most {@code settings.attempts()} HTTP requests, all within
   * the deadline of the operation. If {@link io.darkroom.render.Retry} tries an operation n times,
   * each call of it is sent at most n times {@code settings.attempts()} times.
   */
  private static ClientOverrideConfiguration bounds(S3Settings settings) {
    // The additional timeout is for the delays between the attempts.
    Duration whole = settings.timeout().multipliedBy(settings.attempts() + 1L);
    return ClientOverrideConfiguration.builder()
        .apiCallAttemptTimeout(settings.timeout())
        .apiCallTimeout(whole)
        .retryStrategy(
            AwsRetryStrategy.standardRetryStrategy().toBuilder()
                .maxAttempts(settings.attempts())
                .build())
        .build();
  }

  static AwsCredentialsProvider credentials(S3Settings settings) {
    return settings
        .credentials()
        .<AwsCredentialsProvider>map(keys -> StaticCredentialsProvider.create(fixed(keys)))
        .orElseGet(() -> DefaultCredentialsProvider.builder().build());
  }

  private static AwsCredentials fixed(S3Settings.Credentials keys) {
    String id = keys.accessKeyId();
    String secret = keys.secretAccessKey();
    return keys.sessionToken().isPresent()
        ? AwsSessionCredentials.create(id, secret, keys.sessionToken().get())
        : AwsBasicCredentials.create(id, secret);
  }

  private static List<AuthSchemeOption> signingBodies(S3AuthSchemeParams params) {
    return S3AuthSchemeProvider.defaultProvider().resolveAuthScheme(params).stream()
        .map(
            option ->
                option.toBuilder()
                    .putSignerProperty(AwsV4HttpSigner.PAYLOAD_SIGNING_ENABLED, true)
                    .build())
        .toList();
  }
}
