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
 * A store as operations reach it: the client, the options, what the store was found to do, and a
 * bound on the operations under way. Safe for use by many threads.
 */
public final class S3Access {
  private final Optional<Supplier<S3Client>> pathStyle;
  private final S3Options options;
  private final LongSupplier nanoClock;
  private final Semaphore turns;
  private volatile S3Client client;
  private volatile StoreProfile profile = StoreProfile.ASSUMED;

  /**
   * Access through a client that the caller closes.
   *
   * @param client as {@link S3Clients} makes it
   */
  public S3Access(S3Client client, S3Options options) {
    this(client, Optional.empty(), options, System::nanoTime);
  }

  /**
   * Access for as long as the process lives; the check at start may find that it needs the path
   * style.
   */
  public static S3Access findingTheStyle(S3Settings settings, S3Options options) {
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

  /** What the store was found to do, as facts for the log. */
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

  /** Of an operation that begins now. */
  Deadline deadline() {
    return Deadline.in(options.deadline(), nanoClock);
  }

  /** The same store in another way. */
  S3Access trial(WriteOptions write, StoreProfile assumed) {
    S3Access trial = new S3Access(client, Optional.empty(), options.withWrite(write), nanoClock);
    trial.profile(assumed);
    return trial;
  }

  /**
   * Goes over to the path style where the store answers to it.
   *
   * @param call that failed because the host of a bucket is unknown
   * @return whether it went over
   */
  boolean pathStyle(Consumer<S3Client> call) {
    if (pathStyle.isEmpty() || profile.pathStyle()) {
      return false;
    }
    S3Client other = pathStyle.get().get();
    try {
      call.accept(other);
    } catch (AwsServiceException answered) {
      // The check that follows says what the answer means.
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
   * Does an operation when it is its turn.
   *
   * @throws ApiCallTimeoutException where its turn does not come before its deadline
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
