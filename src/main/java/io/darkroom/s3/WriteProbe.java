package io.darkroom.s3;

import io.darkroom.render.ObjectUri;
import io.darkroom.s3.StoreProfile.Support;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * Finds out by test writes which features the store supports. Unsupported features that results do
 * not need are reported, and later writes do not use them. Blocks the calling thread.
 */
final class WriteProbe {
  private static final byte[] CONTENT = {'p', 'r', 'o', 'b', 'e'};
  private static final String TYPE = "text/plain";
  private static final int PRECONDITION_FAILED = 412;

  /**
   * Status codes of stores that do not support a header. Some of these stores report a wrong
   * signature.
   */
  private static final Set<Integer> UNKNOWN = Set.of(400, 403, 405, 411, 501);

  private final S3Access access;
  private final ObjectUri object;
  private final List<String> findings = new ArrayList<>();
  private StoreProfile found;

  WriteProbe(S3Access access, ObjectUri object) {
    this.access = access;
    this.object = object;
    this.found =
        access.profile().pathStyle() ? StoreProfile.ASSUMED.withPathStyle() : StoreProfile.ASSUMED;
  }

  /** Returns the unsupported features, as sentences. */
  List<String> findings() {
    return findings;
  }

  /** Returns the profile that was found so far. */
  StoreProfile found() {
    return found;
  }

  /**
   * Writes the object in the same way as a result. If the store refuses the checksum, the object is
   * written without it.
   *
   * @throws AwsServiceException if both writes fail
   */
  void put() {
    WriteOptions options = access.options().write();
    try {
      write(options, found);
    } catch (AwsServiceException refusal) {
      StoreProfile without = found.withChecksums(Support.REFUSED);
      if (!unknown(refusal) || !writes(options, without)) {
        throw refusal;
      }
      found = without;
      findings.add(
          "the store refuses x-amz-checksum-crc32 ("
              + Failures.reason(refusal)
              + "): objects are written without it, and their SHA-256 is in the signature");
    }
  }

  /**
   * Returns the options that make a write fail, with the reasons; empty if a write without options
   * fails too.
   */
  List<String> refusedOptions() {
    List<String> refused = new ArrayList<>();
    if (access.options().write().equals(WriteOptions.NONE) || !writes(WriteOptions.NONE, found)) {
      return refused;
    }
    access
        .options()
        .write()
        .separate()
        .forEach(
            (key, option) -> {
              try {
                write(option, found);
              } catch (AwsServiceException e) {
                refused.add(key + " (" + Failures.reason(e) + ")");
              }
            });
    return refused;
  }

  /**
   * Writes the same key again; the store must refuse this because of the condition.
   *
   * @throws AwsServiceException if it is refused for another reason
   */
  void putIfNone() {
    try {
      S3Access trial = access.trial(access.options().write(), found);
      new ObjectWriter(trial).putIfNone(object, CONTENT, TYPE, access.deadline());
      found = found.withConditions(Support.IGNORED);
      findings.add("the store ignores If-None-Match: two workers may commit one request");
    } catch (AwsServiceException e) {
      if (e.statusCode() == PRECONDITION_FAILED) {
        return;
      }
      if (!unknown(e)) {
        throw e;
      }
      found = found.withConditions(Support.REFUSED);
      findings.add(
          "the store refuses If-None-Match ("
              + Failures.reason(e)
              + "): two workers may commit one request");
    }
  }

  /** Begins a multipart upload and aborts it. */
  void parts() {
    S3Access trial = access.trial(access.options().write(), found);
    PartedWrite write = new PartedWrite(trial, object, TYPE, access.deadline());
    String upload;
    try {
      upload = write.begin();
    } catch (AwsServiceException e) {
      found = found.withParts(false);
      findings.add(
          "the store refuses objects in parts ("
              + Failures.reason(e)
              + "): all are written in one piece");
      return;
    }
    try {
      write.abort(upload);
    } catch (AwsServiceException e) {
      findings.add(
          "s3:AbortMultipartUpload is missing ("
              + Failures.reason(e)
              + "): parts of failed writes stay, unless a lifecycle rule of the bucket deletes"
              + " them");
    }
  }

  /** Compares the properties of the stored object with the requested ones. */
  void confirm(GetObjectResponse object) {
    WriteOptions asked = access.options().write();
    if (found.checksums() == Support.HONOURED && object.checksumCRC32() == null) {
      found = found.withChecksums(Support.IGNORED);
    }
    confirm(asked.encryption().isEmpty() || object.serverSideEncryption() != null, "encryption");
    boolean standard = asked.storageClass().filter(each -> !each.equals("STANDARD")).isEmpty();
    confirm(standard || object.storageClass() != null, "storage-class");
    confirm(asked.tags().isEmpty() || object.tagCount() != null, "tags");
  }

  private void confirm(boolean so, String key) {
    if (!so) {
      findings.add(
          String.format(
              Locale.ROOT, "the store does not confirm darkroom.s3.%s: it may ignore it", key));
    }
  }

  /**
   * Returns whether the answer is about an unsupported header and not about a missing permission.
   */
  private static boolean unknown(AwsServiceException e) {
    return UNKNOWN.contains(e.statusCode()) && !Failures.reason(e).endsWith("AccessDenied");
  }

  private boolean writes(WriteOptions options, StoreProfile profile) {
    try {
      write(options, profile);
      return true;
    } catch (SdkException e) {
      return false;
    }
  }

  private void write(WriteOptions options, StoreProfile profile) {
    new ObjectWriter(access.trial(options, profile)).put(object, CONTENT, TYPE, access.deadline());
  }
}
