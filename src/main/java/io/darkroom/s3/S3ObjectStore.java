package io.darkroom.s3;

import io.darkroom.render.Bytes;
import io.darkroom.render.ObjectStore;
import io.darkroom.render.ObjectUri;
import io.darkroom.s3.StoreProfile.Support;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * An object store with the S3 API. The client retries single requests. {@link S3Access} limits the
 * time of an operation and the number of concurrent operations.
 */
public final class S3ObjectStore implements ObjectStore {
  private static final int PRECONDITION_FAILED = 412;
  private static final int CONFLICT = 409;
  private static final int NO_SUCH_RANGE = 416;
  private static final int NOT_IMPLEMENTED = 501;
  private static final int CONFLICTS = 20;
  private static final Duration CONFLICT_PAUSE = Duration.ofMillis(100);

  private final S3Access access;
  private final ObjectWriter writer;
  private final boolean forbiddenIsAbsent;

  /** Creates a store. */
  public S3ObjectStore(S3Access access) {
    this.access = access;
    this.writer = new ObjectWriter(access);
    this.forbiddenIsAbsent = access.options().forbiddenIsAbsent();
  }

  /** Creates a store with default options; the caller closes the client. */
  public S3ObjectStore(S3Client client) {
    this(new S3Access(client, S3Options.DEFAULT));
  }

  @Override
  public Optional<byte[]> get(ObjectUri uri, long maxBytes) {
    try {
      return access.run(deadline -> get(uri, maxBytes, deadline));
    } catch (SdkException noTurn) {
      throw Failures.of(uri.toString(), "could not be read", noTurn);
    }
  }

  @Override
  public Optional<Beginning> begin(ObjectUri uri, int maxBytes) {
    try {
      return Optional.of(
          access.run(
              deadline ->
                  access
                      .client()
                      .getObject(
                          request ->
                              request
                                  .bucket(uri.bucket())
                                  .key(uri.key())
                                  .range("bytes=0-" + (maxBytes - 1))
                                  .overrideConfiguration(deadline.forRequest()),
                          (response, body) -> beginning(response, body, maxBytes))));
    } catch (SdkException e) {
      if (Failures.absent(e, forbiddenIsAbsent)) {
        return Optional.empty();
      }
      if (e instanceof S3Exception answer && answer.statusCode() == NO_SUCH_RANGE) {
        // The range is not satisfiable because the object is empty.
        return Optional.of(new Beginning(new Bytes(new byte[0]), 0));
      }
      throw Failures.of(uri.toString(), "could not be read", e);
    }
  }

  @Override
  public void put(ObjectUri uri, byte[] bytes, String mediaType) {
    written(uri, deadline -> put(uri, bytes, mediaType, deadline));
  }

  @Override
  public boolean putIfAbsent(ObjectUri uri, byte[] bytes, String mediaType) {
    // Some stores ignore If-None-Match, so the object is looked up before the write.
    return written(
        uri,
        deadline ->
            exists(uri, deadline)
                ? holds(uri, bytes, deadline)
                : create(uri, bytes, mediaType, deadline));
  }

  @Override
  public void delete(ObjectUri uri) {
    try {
      access.run(
          deadline ->
              access
                  .client()
                  .deleteObject(
                      request ->
                          request
                              .bucket(uri.bucket())
                              .key(uri.key())
                              .overrideConfiguration(deadline.forRequest())));
    } catch (SdkException e) {
      if (!Failures.absent(e, forbiddenIsAbsent)) {
        throw Failures.of(uri.toString(), "could not be removed", e);
      }
    }
  }

  private record Content(long length, Bytes bytes) {}

  private static Beginning beginning(
      GetObjectResponse response, AbortableInputStream body, int maxBytes) {
    try {
      byte[] bytes = body.readNBytes(maxBytes);
      if (bytes.length == maxBytes && response.contentRange() == null) {
        // The store ignores the range and sends the whole object.
        body.abort();
      }
      return new Beginning(new Bytes(bytes), length(response, bytes.length));
    } catch (IOException e) {
      throw RetryableException.create("The response ended early.", e);
    }
  }

  /**
   * Returns the length of the whole object: the number after the slash of {@code bytes 0-99/1234}.
   */
  private static long length(GetObjectResponse response, int read) {
    String range = response.contentRange();
    Long announced = response.contentLength();
    if (range != null && range.matches(".*/[0-9]{1,18}")) {
      return Long.parseLong(range.substring(range.lastIndexOf('/') + 1));
    }
    return announced == null ? read : announced;
  }

  private static Content read(GetObjectResponse response, AbortableInputStream body, long max) {
    Long announced = response.contentLength();
    if (announced != null && announced > max) {
      body.abort();
      return new Content(announced, new Bytes(new byte[0]));
    }
    int limit = (int) Math.min(max, Integer.MAX_VALUE - 16L);
    try {
      byte[] bytes =
          announced == null ? body.readNBytes(limit + 1) : whole(body, announced.intValue());
      if (bytes.length > limit) {
        body.abort();
      }
      return new Content(bytes.length, new Bytes(bytes));
    } catch (IOException e) {
      throw RetryableException.create("The response ended early.", e);
    }
  }

  /** Reads into one array of the announced length, so that no second copy is made. */
  private static byte[] whole(AbortableInputStream body, int length) throws IOException {
    byte[] bytes = new byte[length];
    if (body.readNBytes(bytes, 0, length) < length) {
      throw new EOFException("shorter than announced");
    }
    return bytes;
  }

  private <T> T written(ObjectUri uri, Function<Deadline, T> write) {
    try {
      return access.run(write);
    } catch (SdkException e) {
      throw Failures.of(uri.toString(), "could not be written", e);
    }
  }

  private boolean put(ObjectUri uri, byte[] bytes, String mediaType, Deadline deadline) {
    writer.put(uri, bytes, mediaType, deadline);
    return true;
  }

  private Optional<byte[]> get(ObjectUri uri, long maxBytes, Deadline deadline) {
    Content content;
    try {
      content =
          access
              .client()
              .getObject(
                  request ->
                      request
                          .bucket(uri.bucket())
                          .key(uri.key())
                          .overrideConfiguration(deadline.forRequest()),
                  (response, body) -> read(response, body, maxBytes));
    } catch (SdkException e) {
      if (Failures.absent(e, forbiddenIsAbsent)) {
        return Optional.empty();
      }
      throw Failures.of(uri.toString(), "could not be read", e);
    }
    if (content.length() > maxBytes) {
      throw new TooLarge(uri, content.length(), maxBytes);
    }
    return Optional.of(content.bytes().array());
  }

  private boolean create(ObjectUri uri, byte[] bytes, String mediaType, Deadline deadline) {
    if (access.profile().conditions() == Support.REFUSED) {
      return put(uri, bytes, mediaType, deadline);
    }
    for (int conflicts = 0; ; conflicts++) {
      try {
        writer.putIfNone(uri, bytes, mediaType, deadline);
        // If the store ignores the condition, another writer may have replaced the object.
        return access.profile().conditions() != Support.IGNORED || holds(uri, bytes, deadline);
      } catch (S3Exception e) {
        if (e.statusCode() == PRECONDITION_FAILED) {
          // The object may be our own: an earlier attempt may have succeeded although its answer
          // was lost.
          return holds(uri, bytes, deadline);
        }
        if (e.statusCode() == NOT_IMPLEMENTED) {
          return put(uri, bytes, mediaType, deadline);
        }
        if (e.statusCode() != CONFLICT || conflicts == CONFLICTS) {
          throw e;
        }
      }
      // Another write of the same key is running, and its result is not known yet.
      LockSupport.parkNanos(CONFLICT_PAUSE.toNanos());
    }
  }

  private boolean exists(ObjectUri uri, Deadline deadline) {
    try {
      access
          .client()
          .headObject(
              request ->
                  request
                      .bucket(uri.bucket())
                      .key(uri.key())
                      .overrideConfiguration(deadline.forRequest()));
      return true;
    } catch (SdkException e) {
      if (Failures.absent(e, forbiddenIsAbsent)) {
        return false;
      }
      throw Failures.of(uri.toString(), "could not be looked for", e);
    }
  }

  private boolean holds(ObjectUri uri, byte[] bytes, Deadline deadline) {
    try {
      return get(uri, bytes.length, deadline)
          .filter(stored -> Arrays.equals(stored, bytes))
          .isPresent();
    } catch (TooLarge another) {
      return false;
    }
  }
}
