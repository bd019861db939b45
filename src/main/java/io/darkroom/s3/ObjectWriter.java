package io.darkroom.s3;

import io.darkroom.render.ObjectUri;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/**
 * Writes objects in one piece or in parts, with a CRC-32 if the store accepts it, according to the
 * profile of the store. The signature always includes the SHA-256 of the body.
 */
final class ObjectWriter {
  private final S3Access access;

  ObjectWriter(S3Access access) {
    this.access = access;
  }

  /** Writes an object. Replaces an existing one. */
  void put(ObjectUri uri, byte[] bytes, String mediaType, Deadline deadline) {
    if (bytes.length > access.options().partBytes() && access.profile().parts()) {
      new PartedWrite(access, uri, mediaType, deadline).write(bytes);
    } else {
      send(request(uri, bytes, mediaType), bytes, deadline);
    }
  }

  /** Writes an object in one piece if none exists under this address. */
  void putIfNone(ObjectUri uri, byte[] bytes, String mediaType, Deadline deadline) {
    send(request(uri, bytes, mediaType).ifNoneMatch("*"), bytes, deadline);
  }

  /** Returns the CRC-32 of bytes in base64; null if the store refuses the header. */
  static @Nullable String crc32(StoreProfile profile, ByteBuffer bytes) {
    if (profile.checksums() == StoreProfile.Support.REFUSED) {
      return null;
    }
    CRC32 crc = new CRC32();
    crc.update(bytes);
    byte[] value = ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).array();
    return Base64.getEncoder().encodeToString(value);
  }

  private PutObjectRequest.Builder request(ObjectUri uri, byte[] bytes, String mediaType) {
    return access
        .options()
        .write()
        .on(PutObjectRequest.builder())
        .bucket(uri.bucket())
        .key(uri.key())
        .contentType(mediaType)
        .contentLength((long) bytes.length)
        .checksumCRC32(crc32(access.profile(), ByteBuffer.wrap(bytes)));
  }

  private void send(PutObjectRequest.Builder request, byte[] bytes, Deadline deadline) {
    PutObjectRequest put = request.overrideConfiguration(deadline.forRequest()).build();
    access.client().putObject(put, RequestBody.fromBytes(bytes));
  }
}
