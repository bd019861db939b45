package io.darkroom.s3;

import io.darkroom.render.Bytes;
import io.darkroom.render.ObjectStore;
import io.darkroom.render.ObjectUri;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * An object store with the S3 API. Every write has a CRC-32, which the store keeps if it supports
 * that, and the SHA-256 of the body in its signature. The client does the retries and timeouts.
 */
public final class S3ObjectStore implements ObjectStore {
  private static final int PRECONDITION_FAILED = 412;
  private static final int CONFLICT = 409;
  private static final int NO_SUCH_RANGE = 416;
  private static final int NOT_IMPLEMENTED = 501;
  private static final int CONFLICTS = 20;
  private static final Duration CONFLICT_PAUSE = Duration.ofMillis(100);

  private final S3Client client;
  private final boolean forbiddenIsAbsent;

  /**
   * Creates a store; the caller closes the client.
   *
   * @param client a client of {@link S3Clients}
   * @param forbiddenIsAbsent whether the store answers 403 for a missing object
   */
  public S3ObjectStore(S3Client client, boolean forbiddenIsAbsent) {
    this.client = client;
    this.forbiddenIsAbsent = forbiddenIsAbsent;
  }

  /** Creates a store that answers 404 for a missing object. */
  public S3ObjectStore(S3Client client) {
    this(client, false);
  }

  @Override
  public Optional<byte[]> get(ObjectUri uri, long maxBytes) {
    Content content;
    try {
      content =
          client.getObject(
              request -> request.bucket(uri.bucket()).key(uri.key()),
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

  @Override
  public Optional<Beginning> begin(ObjectUri uri, int maxBytes) {
    try {
      return Optional.of(
          client.getObject(
              request ->
                  request.bucket(uri.bucket()).key(uri.key()).range("bytes=0-" + (maxBytes - 1)),
              (response, body) -> beginning(response, body, maxBytes)));
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
    try {
      client.putObject(write(uri, bytes, mediaType).build(), RequestBody.fromBytes(bytes));
    } catch (SdkException e) {
      throw Failures.of(uri.toString(), "could not be written", e);
    }
  }

  @Override
  public boolean putIfAbsent(ObjectUri uri, byte[] bytes, String mediaType) {
    // The look-up before the write is for stores that ignore If-None-Match.
    return exists(uri) ? holds(uri, bytes) : create(uri, bytes, mediaType, CONFLICTS);
  }

  @Override
  public void delete(ObjectUri uri) {
    try {
      client.deleteObject(request -> request.bucket(uri.bucket()).key(uri.key()));
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
      throw RetryableException.create("The answer broke off.", e);
    }
  }

  /** The length of the whole object: the number after the slash of {@code bytes 0-99/1234}. */
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
      throw RetryableException.create("The answer broke off.", e);
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

  private static PutObjectRequest.Builder write(ObjectUri uri, byte[] bytes, String mediaType) {
    return PutObjectRequest.builder()
        .bucket(uri.bucket())
        .key(uri.key())
        .contentType(mediaType)
        .contentLength((long) bytes.length)
        .checksumCRC32(crc32(bytes));
  }

  private static String crc32(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    byte[] value = ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).array();
    return Base64.getEncoder().encodeToString(value);
  }

  private boolean create(ObjectUri uri, byte[] bytes, String mediaType, int conflictsAllowed) {
    try {
      PutObjectRequest request = write(uri, bytes, mediaType).ifNoneMatch("*").build();
      client.putObject(request, RequestBody.fromBytes(bytes));
      return true;
    } catch (SdkException e) {
      int status = e instanceof S3Exception answer ? answer.statusCode() : 0;
      if (status == PRECONDITION_FAILED) {
        // The object may be our own: an earlier attempt may have succeeded although its answer was
        // lost.
        return holds(uri, bytes);
      }
      if (status == NOT_IMPLEMENTED) {
        put(uri, bytes, mediaType);
        return true;
      }
      if (status != CONFLICT || conflictsAllowed == 0) {
        throw Failures.of(uri.toString(), "could not be written", e);
      }
    }
    // Another write of the same key is running; its result is not known yet.
    LockSupport.parkNanos(CONFLICT_PAUSE.toNanos());
    return create(uri, bytes, mediaType, conflictsAllowed - 1);
  }

  private boolean exists(ObjectUri uri) {
    try {
      client.headObject(request -> request.bucket(uri.bucket()).key(uri.key()));
      return true;
    } catch (SdkException e) {
      if (Failures.absent(e, forbiddenIsAbsent)) {
        return false;
      }
      throw Failures.of(uri.toString(), "could not be looked for", e);
    }
  }

  private boolean holds(ObjectUri uri, byte[] bytes) {
    try {
      return get(uri, bytes.length).filter(stored -> Arrays.equals(stored, bytes)).isPresent();
    } catch (TooLarge another) {
      return false;
    }
  }
}
