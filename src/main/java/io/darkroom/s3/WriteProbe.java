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
 * Finds out by writes of one object what the store does with requests that not every store takes.
 * What it does not take and results do not need is left out from then on, and named. Blocks the
 * calling thread.
 */
final class WriteProbe {
  private static final byte[] CONTENT = {'p', 'r', 'o', 'b', 'e'};
  private static final String TYPE = "text/plain";
  private static final int PRECONDITION_FAILED = 412;

  /** Answers of a store that does not know a header: of some, that the signature is wrong. */
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

  /** What the store does not do, as sentences. */
  List<String> findings() {
    return findings;
  }

  /** What was found so far. */
  StoreProfile found() {
    return found;
  }

  /**
   * Writes as results are written, without the checksum where the store does not take it.
   *
   * @throws AwsServiceException where neither works
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
   * The options that make a write fail, with the reasons; none where a write fails without them.
   */
  List<String> refusedOptions() {
    List<String> refused = new ArrayList<>();
    if (access.options().write().equals(WriteOptions.NONE) || !writes(WriteOptions.NONE, found)) {
      return refused;
    }
    access
        .options()
        .write()
        .alone()
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
   * The second write of a name must be refused by its condition.
   *
   * @throws AwsServiceException where it is refused for another reason
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

  /** Begins to write the object in parts, and gives it up. */
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
              + "): parts of writes that fail stay, unless the bucket's life cycle removes them");
    }
  }

  /** Compares what the store says of the object with what it was asked for. */
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

  /** A missing permission is not a header that the store does not know. */
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
