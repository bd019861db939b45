package io.darkroom.s3;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.Tag;
import software.amazon.awssdk.services.s3.model.Tagging;

/**
 * Options of every write.
 *
 * @param encryption encryption by the server; empty: the default of the bucket
 * @param storageClass storage class such as {@code STANDARD_IA}; empty: the default of the store
 * @param tags tags of each object, at most 10
 */
public record WriteOptions(
    Optional<Encryption> encryption, Optional<String> storageClass, Map<String, String> tags) {
  /**
   * Storage classes whose objects must be restored before they can be read. They are refused,
   * because manifests are read.
   */
  private static final Set<String> ARCHIVES = Set.of("GLACIER", "DEEP_ARCHIVE");

  private static final int MOST_TAGS = 10;

  /** The defaults of the bucket. */
  public static final WriteOptions NONE =
      new WriteOptions(Optional.empty(), Optional.empty(), Map.of());

  public WriteOptions {
    tags = Map.copyOf(tags);
    if (tags.size() > MOST_TAGS) {
      throw new IllegalArgumentException("s3.tags: must be at most 10, are " + tags.size());
    }
    if (storageClass.filter(ARCHIVES::contains).isPresent()) {
      throw new IllegalArgumentException(
          "s3.storage-class: must be one whose objects can be read at once, is "
              + storageClass.get());
    }
  }

  /**
   * Encryption by the server.
   *
   * @param algorithm {@code AES256}, {@code aws:kms} or {@code aws:kms:dsse}
   * @param kmsKeyId key for the last two; empty: the default key of the store
   */
  public record Encryption(String algorithm, Optional<String> kmsKeyId) {
    public Encryption {
      if (kmsKeyId.isPresent() && !algorithm.startsWith("aws:kms")) {
        throw new IllegalArgumentException(
            "s3.kms-key-id: must come with an encryption of aws:kms or aws:kms:dsse, is with "
                + algorithm);
      }
    }
  }

  /**
   * Returns one object for each option that is set, with only this option, by configuration key.
   */
  Map<String, WriteOptions> separate() {
    Map<String, WriteOptions> separate = new LinkedHashMap<>();
    encryption.ifPresent(
        each ->
            separate.put(
                "darkroom.s3.encryption=" + each.algorithm(),
                new WriteOptions(encryption, Optional.empty(), Map.of())));
    storageClass.ifPresent(
        each ->
            separate.put(
                "darkroom.s3.storage-class=" + each,
                new WriteOptions(Optional.empty(), storageClass, Map.of())));
    if (!tags.isEmpty()) {
      separate.put("darkroom.s3.tags", new WriteOptions(Optional.empty(), Optional.empty(), tags));
    }
    return separate;
  }

  /** Adds the options to a write. */
  PutObjectRequest.Builder on(PutObjectRequest.Builder put) {
    encryption.ifPresent(
        each ->
            put.serverSideEncryption(each.algorithm()).ssekmsKeyId(each.kmsKeyId().orElse(null)));
    storageClass.ifPresent(put::storageClass);
    return tags.isEmpty() ? put : put.tagging(tagging());
  }

  /** Adds the options to a write in parts. */
  CreateMultipartUploadRequest.Builder on(CreateMultipartUploadRequest.Builder create) {
    encryption.ifPresent(
        each ->
            create
                .serverSideEncryption(each.algorithm())
                .ssekmsKeyId(each.kmsKeyId().orElse(null)));
    storageClass.ifPresent(create::storageClass);
    return tags.isEmpty() ? create : create.tagging(tagging());
  }

  private Tagging tagging() {
    List<Tag> set = new ArrayList<>();
    tags.forEach((name, value) -> set.add(Tag.builder().key(name).value(value).build()));
    return Tagging.builder().tagSet(set).build();
  }
}
