package io.darkroom.s3;

import io.darkroom.render.ObjectStore.StoreFailure;
import io.darkroom.render.ObjectUri;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import software.amazon.awssdk.core.exception.NonRetryableException;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Writes an object to a file. Each part is an operation with its own deadline and attempts, so that
 * the time limits do not depend on the length of the object.
 */
final class ObjectDownload {
  private static final int PRECONDITION_FAILED = 412;
  private static final int CHUNK = 1 << 16;
  private static final String CHANGED = "was changed after it was listed";
  private static final String NO_RANGES =
      "the store does not return ranges; set darkroom.s3.part-bytes to the length of the object";

  private final S3Access access;
  private final ObjectUri uri;
  private final ListedObject listed;
  private final RandomAccessFile out;

  private ObjectDownload(
      S3Access access, ObjectUri uri, ListedObject listed, RandomAccessFile out) {
    this.access = access;
    this.uri = uri;
    this.listed = listed;
    this.out = out;
  }

  static void run(S3Access access, ObjectUri uri, ListedObject listed, Path file)
      throws IOException {
    Files.createFile(file);
    // Not a FileChannel: the SDK interrupts the thread of an attempt that takes too long, and an
    // interrupt closes a channel.
    try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
      new ObjectDownload(access, uri, listed, out).parts();
      out.getFD().sync();
    }
  }

  private void parts() throws IOException {
    int part = access.options().partBytes();
    for (long from = 0; from < listed.bytes(); from += part) {
      part(from, Math.min(part, listed.bytes() - from));
    }
  }

  private void part(long from, long length) throws IOException {
    String problem;
    try {
      problem =
          access.run(
              deadline ->
                  access
                      .client()
                      .getObject(
                          request(from, length, deadline),
                          (response, body) -> write(response, body, from, length)));
    } catch (SdkException e) {
      if (e instanceof S3Exception answer && answer.statusCode() == PRECONDITION_FAILED) {
        throw refusal(CHANGED, e);
      }
      if (e instanceof NonRetryableException && e.getCause() instanceof IOException ofTheFile) {
        throw ofTheFile;
      }
      throw Failures.of(uri.toString(), "could not be read", e);
    }
    if (!problem.isEmpty()) {
      throw refusal(problem, new EOFException(problem));
    }
  }

  private GetObjectRequest request(long from, long length, Deadline deadline) {
    GetObjectRequest.Builder request =
        GetObjectRequest.builder()
            .bucket(uri.bucket())
            .key(uri.key())
            .overrideConfiguration(deadline.forRequest());
    if (!listed.etag().isEmpty()) {
      request.ifMatch(listed.etag());
    }
    if (length < listed.bytes()) {
      request.range("bytes=" + from + "-" + (from + length - 1));
    }
    return request.build();
  }

  /** Writes a part. Returns why the answer is not that part; empty if it is. */
  private String write(
      GetObjectResponse response, AbortableInputStream body, long from, long length)
      throws IOException {
    Long announced = response.contentLength();
    String problem =
        length < listed.bytes() && response.contentRange() == null
            ? NO_RANGES
            : announced != null && announced != length ? CHANGED : "";
    if (problem.isEmpty()) {
      copy(body, from, length);
    } else {
      body.abort();
    }
    return problem;
  }

  private void copy(AbortableInputStream body, long from, long length) throws IOException {
    byte[] chunk = new byte[CHUNK];
    out.seek(from);
    for (long left = length; left > 0; ) {
      int read = read(body, chunk, (int) Math.min(CHUNK, left));
      out.write(chunk, 0, read);
      left -= read;
    }
  }

  private static int read(AbortableInputStream body, byte[] chunk, int most) {
    try {
      int read = body.read(chunk, 0, most);
      if (read < 0) {
        throw new EOFException("shorter than announced");
      }
      return read;
    } catch (IOException e) {
      throw RetryableException.create("The response ended early.", e);
    }
  }

  private StoreFailure refusal(String problem, Throwable cause) {
    return new StoreFailure(uri + ": " + problem, cause, true);
  }
}
