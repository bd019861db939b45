package io.darkroom.s3;

import io.darkroom.render.ObjectStore.StoreFailure;
import io.darkroom.render.ObjectUri;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/**
 * Checks the permissions of the worker: performs each kind of store call in the folder {@code
 * .probe/} under the default prefix, so that a missing permission is reported before a request
 * needs it. Blocks the calling thread.
 */
public final class PermissionCheck {
  private static final int FORBIDDEN = 403;
  private static final int PRECONDITION_FAILED = 412;
  private static final int NOT_IMPLEMENTED = 501;
  private static final byte[] CONTENT = {'p', 'r', 'o', 'b', 'e'};

  private final S3Client client;
  private final ObjectUri prefix;
  private final boolean forbiddenIsAbsent;

  /**
   * @param client a client of {@link S3Clients}
   * @param prefix prefix of the results
   * @param forbiddenIsAbsent whether the store answers 403 for a missing object
   */
  public PermissionCheck(S3Client client, ObjectUri prefix, boolean forbiddenIsAbsent) {
    this.client = client;
    this.prefix = prefix;
    this.forbiddenIsAbsent = forbiddenIsAbsent;
  }

  /**
   * Reads an object that does not exist: a cheap check for regular use.
   *
   * @throws StoreFailure if the answer is not that the object does not exist
   */
  public void look() {
    try {
      client.getObject(
          get -> get.bucket(prefix.bucket()).key(prefix.key() + ".probe/none"),
          (response, body) -> {
            body.abort();
            return "";
          });
    } catch (SdkException e) {
      if (!Failures.absent(e, forbiddenIsAbsent)) {
        throw unusable(e);
      }
    }
  }

  /**
   * Writes, writes with a condition, reads, lists and deletes an object.
   *
   * @return missing optional permissions, as sentences
   * @throws StoreFailure if a required permission is missing, with the list of them, or if the
   *     store does not answer
   */
  public List<String> check() {
    Steps steps = new Steps(prefix.key() + ".probe/" + UUID.randomUUID());
    steps.put();
    steps.putIfAbsent();
    steps.get();
    steps.list();
    steps.delete();
    if (!steps.missing.isEmpty()) {
      String message =
          "s3://" + prefix.bucket() + ": is not usable: needs " + String.join(", ", steps.missing);
      throw new StoreFailure(message, steps.first, true);
    }
    return steps.unneeded;
  }

  private StoreFailure unusable(SdkException e) {
    return Failures.of("s3://" + prefix.bucket(), "is not usable", e);
  }

  private final class Steps {
    private final String key;
    private final List<String> missing = new ArrayList<>();
    private final List<String> unneeded = new ArrayList<>();
    private SdkException first = SdkException.builder().build();

    Steps(String key) {
      this.key = key;
    }

    void put() {
      attempt("s3:PutObject", () -> write(PutObjectRequest.builder().key(key)));
    }

    /** Writes the same key again; the store must refuse this because of the condition. */
    void putIfAbsent() {
      attempt(
          "s3:PutObject with If-None-Match",
          () -> {
            try {
              write(PutObjectRequest.builder().key(key).ifNoneMatch("*"));
              unneeded.add("the store ignores If-None-Match: two workers may commit one request");
            } catch (AwsServiceException e) {
              if (e.statusCode() != PRECONDITION_FAILED && e.statusCode() != NOT_IMPLEMENTED) {
                throw e;
              }
            }
          });
    }

    /**
     * Reads the object. If it could not be written, the answer that it does not exist is also
     * correct.
     */
    void get() {
      attempt(
          "s3:GetObject",
          () -> {
            try {
              client.getObjectAsBytes(get -> get.bucket(prefix.bucket()).key(key));
            } catch (SdkException e) {
              if (missing.isEmpty() || !Failures.absent(e, forbiddenIsAbsent)) {
                throw e;
              }
            }
          });
    }

    void list() {
      try {
        client.listObjectsV2(list -> list.bucket(prefix.bucket()).prefix(key).maxKeys(1));
      } catch (AwsServiceException e) {
        refused(e);
        note(e, "s3:ListBucket");
      }
    }

    void delete() {
      try {
        client.deleteObject(delete -> delete.bucket(prefix.bucket()).key(key));
      } catch (AwsServiceException e) {
        refused(e);
        unneeded.add("s3:DeleteObject is missing: objects of checks stay in " + prefix + ".probe/");
      }
    }

    private void note(AwsServiceException e, String permission) {
      if (forbiddenIsAbsent) {
        unneeded.add(permission + " is missing: 403 counts as absence of an object");
      } else {
        missing.add(
            permission
                + " ("
                + Failures.reason(e)
                + "; without it set darkroom.s3.forbidden-is-absent=true)");
        first = e;
      }
    }

    private void write(PutObjectRequest.Builder put) {
      client.putObject(put.bucket(prefix.bucket()).build(), RequestBody.fromBytes(CONTENT));
    }

    private void attempt(String permission, Runnable step) {
      try {
        step.run();
      } catch (AwsServiceException e) {
        refused(e);
        missing.add(permission + " (" + Failures.reason(e) + ")");
        first = e;
      } catch (SdkException e) {
        throw unusable(e);
      }
    }

    /** Throws unless the answer is a refusal: other failures are not about permissions. */
    private void refused(AwsServiceException e) {
      if (e.statusCode() != FORBIDDEN || !Failures.refusal(e)) {
        throw unusable(e);
      }
    }
  }
}
