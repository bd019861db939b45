package io.darkroom.s3;

import io.darkroom.render.ObjectUri;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;

/**
 * Writes one object in parts, one after the other. A part that fails is sent again on its own. The
 * object is visible only after the last call; the parts of a failed write are deleted.
 */
final class PartedWrite {
  private final S3Access access;
  private final ObjectUri uri;
  private final String mediaType;
  private final Deadline deadline;

  PartedWrite(S3Access access, ObjectUri uri, String mediaType, Deadline deadline) {
    this.access = access;
    this.uri = uri;
    this.mediaType = mediaType;
    this.deadline = deadline;
  }

  void write(byte[] bytes) {
    String upload = begin();
    try {
      List<CompletedPart> parts = new ArrayList<>();
      int length = access.options().partBytes();
      for (int from = 0; from < bytes.length; from += length) {
        int size = Math.min(length, bytes.length - from);
        parts.add(send(upload, parts.size() + 1, ByteBuffer.wrap(bytes, from, size)));
      }
      complete(upload, parts, bytes.length);
    } catch (SdkException e) {
      abort(upload, e);
      throw e;
    }
  }

  /** Begins an upload and returns its id. */
  String begin() {
    CreateMultipartUploadRequest.Builder create =
        access.options().write().on(CreateMultipartUploadRequest.builder());
    if (access.profile().checksums() != StoreProfile.Support.REFUSED) {
      create.checksumAlgorithm(ChecksumAlgorithm.CRC32);
    }
    create.bucket(uri.bucket()).key(uri.key()).contentType(mediaType);
    create.overrideConfiguration(deadline.forRequest());
    return access.client().createMultipartUpload(create.build()).uploadId();
  }

  /** Aborts an upload and deletes its parts. */
  void abort(String upload) {
    access
        .client()
        .abortMultipartUpload(
            abort ->
                abort
                    .bucket(uri.bucket())
                    .key(uri.key())
                    .uploadId(upload)
                    .overrideConfiguration(deadline.again().forRequest()));
  }

  private void abort(String upload, SdkException why) {
    try {
      abort(upload);
    } catch (SdkException left) {
      why.addSuppressed(left);
    }
  }

  private CompletedPart send(String upload, int number, ByteBuffer part) {
    @Nullable String crc32 = ObjectWriter.crc32(access.profile(), part.duplicate());
    UploadPartRequest request =
        UploadPartRequest.builder()
            .bucket(uri.bucket())
            .key(uri.key())
            .uploadId(upload)
            .partNumber(number)
            .contentLength((long) part.remaining())
            .checksumCRC32(crc32)
            .overrideConfiguration(deadline.again().forRequest())
            .build();
    String tag =
        access.client().uploadPart(request, RequestBody.fromRemainingByteBuffer(part)).eTag();
    return CompletedPart.builder().partNumber(number).eTag(tag).checksumCRC32(crc32).build();
  }

  private void complete(String upload, List<CompletedPart> parts, long length) {
    CompleteMultipartUploadRequest request =
        CompleteMultipartUploadRequest.builder()
            .bucket(uri.bucket())
            .key(uri.key())
            .uploadId(upload)
            .multipartUpload(all -> all.parts(parts))
            .overrideConfiguration(deadline.again().forRequest())
            .build();
    try {
      access.client().completeMultipartUpload(request);
    } catch (NoSuchUploadException e) {
      // An earlier attempt may have succeeded although its answer was lost.
      if (!stored(length)) {
        throw e;
      }
    }
  }

  private boolean stored(long length) {
    try {
      Long stored =
          access
              .client()
              .headObject(
                  head ->
                      head.bucket(uri.bucket())
                          .key(uri.key())
                          .overrideConfiguration(deadline.again().forRequest()))
              .contentLength();
      return stored != null && stored == length;
    } catch (S3Exception none) {
      return false;
    }
  }
}
