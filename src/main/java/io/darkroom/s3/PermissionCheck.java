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
 * Does under the default prefix, in a folder {@code .probe/}, what a worker does there, so that a
 * permission that is missing is named before a request needs it. Blocks the calling thread.
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
   * @param client as {@link S3Clients} makes it
   * @param prefix that results go to
   * @param forbiddenIsAbsent whether 403 is what the store answers for a missing object
   */
  public PermissionCheck(S3Client client, ObjectUri prefix, boolean forbiddenIsAbsent) {
    this.client = client;
    this.prefix = prefix;
    this.forbiddenIsAbsent = forbiddenIsAbsent;
  }

  /**
   * Asks for an object that is not there: the cheap question, for now and then.
   *
   * @throws StoreFailure where the store does not answer that there is none
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
   * Writes, writes on condition, reads, lists and deletes.
   *
   * @return what is missing and not needed, as sentences
   * @throws StoreFailure where something needed is missing, with all that is; or where the store
   *     does not answer
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

    /** The second write of a name must be refused by its condition. */
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

    /** Where nothing could be written, that there is nothing is an answer, too. */
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

    /** Anything but a refusal is no question of permissions. */
    private void refused(AwsServiceException e) {
      if (e.statusCode() != FORBIDDEN || !Failures.refusal(e)) {
        throw unusable(e);
      }
    }
  }
}
