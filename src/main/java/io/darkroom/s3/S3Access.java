package io.darkroom.s3;

import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Access to a store: the client, the options, the features of the store, and a limit on the number
 * of concurrent operations. Safe for use by many threads.
 */
public final class S3Access {
  private final Optional<Supplier<S3Client>> pathStyle;
  private final S3Options options;
  private final LongSupplier nanoClock;
  private final Semaphore turns;
  private volatile S3Client client;
  private volatile StoreProfile profile = StoreProfile.ASSUMED;

  /**
   * Uses a client that the caller closes.
   *
   * @param client a client of {@link S3Clients}
   */
  public S3Access(S3Client client, S3Options options) {
    this(client, Optional.empty(), options, System::nanoTime);
  }

  /**
   * Opens a client that stays open until the process ends. The check at start may change it to the
   * path style.
   */
  public static S3Access detectingPathStyle(S3Settings settings, S3Options options) {
    Supplier<S3Client> pathStyle = () -> S3Clients.open(settings.withPathStyle());
    return new S3Access(
        S3Clients.open(settings), Optional.of(pathStyle), options, System::nanoTime);
  }

  S3Access(
      S3Client client,
      Optional<Supplier<S3Client>> pathStyle,
      S3Options options,
      LongSupplier nanoClock) {
    this.client = client;
    this.nanoClock = nanoClock;
    this.pathStyle = pathStyle;
    this.options = options;
    this.turns = new Semaphore(options.calls(), true);
  }

  /** Returns the features of the store, for the log. */
  public String facts() {
    return profile.toString();
  }

  S3Client client() {
    return client;
  }

  S3Options options() {
    return options;
  }

  StoreProfile profile() {
    return profile;
  }

  void profile(StoreProfile found) {
    profile = found;
  }

  /** Returns the deadline of an operation that begins now. */
  Deadline deadline() {
    return Deadline.in(options.deadline(), nanoClock);
  }

  /** Returns access to the same store with other options and another profile. */
  S3Access trial(WriteOptions write, StoreProfile assumed) {
    S3Access trial = new S3Access(client, Optional.empty(), options.withWrite(write), nanoClock);
    trial.profile(assumed);
    return trial;
  }

  /**
   * Changes to the path style if the store answers to it.
   *
   * @param call a call that failed because the host of a bucket is unknown
   * @return whether the style was changed
   */
  boolean pathStyle(Consumer<S3Client> call) {
    if (pathStyle.isEmpty() || profile.pathStyle()) {
      return false;
    }
    S3Client other = pathStyle.get().get();
    try {
      call.accept(other);
    } catch (AwsServiceException answered) {
      // The store answered. The next check reports what the answer means.
    } catch (SdkException unreachable) {
      other.close();
      return false;
    }
    S3Client before = client;
    client = other;
    profile = profile.withPathStyle();
    before.close();
    return true;
  }

  /**
   * Runs an operation. Waits first if too many operations are running.
   *
   * @throws ApiCallTimeoutException if the wait exceeds the deadline of the operation
   */
  <T> T run(Function<Deadline, T> operation) {
    Deadline deadline = deadline();
    try {
      if (!turns.tryAcquire(deadline.left().toNanos(), TimeUnit.NANOSECONDS)) {
        throw ApiCallTimeoutException.create(options.deadline().toMillis());
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw AbortedException.create("interrupted", stop);
    }
    try {
      return operation.apply(deadline);
    } finally {
      turns.release();
    }
  }
}
