package io.darkroom.s3;

import io.darkroom.render.ObjectStore.StoreFailure;
import io.darkroom.render.ObjectUri;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Checks the permissions of the worker. It performs each kind of store call in the folder {@code
 * .probe/} under the default prefix, so that a missing permission is reported before a request
 * needs it. It also sets the {@link S3Access} to leave out what the store does not support. Blocks
 * the calling thread.
 */
public final class PermissionCheck {
  private static final int FORBIDDEN = 403;

  private final S3Access access;
  private final ObjectUri prefix;
  private final boolean forbiddenIsAbsent;

  /**
   * Creates a check.
   *
   * @param prefix prefix of the results
   */
  public PermissionCheck(S3Access access, ObjectUri prefix) {
    this.access = access;
    this.prefix = prefix;
    this.forbiddenIsAbsent = access.options().forbiddenIsAbsent();
  }

  /** Returns the features of the store that the last check found, for the log. */
  public String facts() {
    return access.facts();
  }

  /**
   * Reads an object that does not exist. This is a cheap check for regular use.
   *
   * @throws StoreFailure if the store gives any other answer than that the object does not exist
   */
  public void quickCheck() {
    try {
      look(access.client());
    } catch (SdkException e) {
      if (!Failures.absent(e, forbiddenIsAbsent)) {
        throw unusable(e);
      }
    }
  }

  /**
   * Writes an object, writes it with a condition, reads it, lists it, begins a multipart upload,
   * and deletes the object.
   *
   * @return the missing optional permissions, as sentences
   * @throws StoreFailure if required permissions are missing, with a list of them, or if the store
   *     does not answer
   */
  public List<String> check() {
    List<String> style = style();
    Steps steps = new Steps(prefix.child(".probe/" + UUID.randomUUID()));
    steps.put();
    steps.putIfNone();
    steps.get();
    steps.list();
    steps.parts();
    steps.delete();
    if (!steps.missing.isEmpty()) {
      String message =
          "s3://" + prefix.bucket() + ": is not usable: needs " + String.join(", ", steps.missing);
      throw new StoreFailure(message, steps.first, true);
    }
    access.profile(steps.probe.found());
    List<String> findings = new ArrayList<>(style);
    findings.addAll(steps.probe.findings());
    findings.addAll(steps.unneeded);
    return findings;
  }

  /** Changes to the path style if the host name with the bucket does not exist. */
  private List<String> style() {
    try {
      look(access.client());
    } catch (SdkException e) {
      if (Failures.unknownHost(e) && access.pathStyle(this::look)) {
        return List.of(
            "the host name with the bucket does not exist: URLs have the bucket in the path (set"
                + " darkroom.s3.path-style=true)");
      }
    }
    return List.of();
  }

  private void look(S3Client client) {
    client.getObject(
        get -> get.bucket(prefix.bucket()).key(prefix.key() + ".probe/none"),
        (response, body) -> {
          body.abort();
          return "";
        });
  }

  private StoreFailure unusable(SdkException e) {
    return Failures.of("s3://" + prefix.bucket(), "is not usable", e);
  }

  private final class Steps {
    private final ObjectUri object;
    private final WriteProbe probe;
    private final List<String> missing = new ArrayList<>();
    private final List<String> unneeded = new ArrayList<>();
    private SdkException first = SdkException.builder().build();

    Steps(ObjectUri object) {
      this.object = object;
      this.probe = new WriteProbe(access, object);
    }

    /**
     * Writes the object. If the write fails only because of its options, the permissions are not
     * the cause.
     */
    void put() {
      attempt(
          "s3:PutObject",
          () -> {
            try {
              probe.put();
            } catch (AwsServiceException e) {
              List<String> refused = probe.refusedOptions();
              if (refused.isEmpty()) {
                throw e;
              }
              refused.forEach(each -> missing.add("a store that takes " + each));
              first = e;
            }
          });
    }

    void putIfNone() {
      if (missing.stream().noneMatch(each -> each.startsWith("a store"))) {
        attempt("s3:PutObject with If-None-Match", probe::putIfNone);
      }
    }

    /**
     * Reads the object. If it could not be written, the answer that it does not exist also shows
     * that reads are permitted.
     */
    void get() {
      attempt(
          "s3:GetObject",
          () -> {
            try {
              probe.confirm(
                  access
                      .client()
                      .getObjectAsBytes(get -> get.bucket(object.bucket()).key(object.key()))
                      .response());
            } catch (SdkException e) {
              if (missing.isEmpty() || !Failures.absent(e, forbiddenIsAbsent)) {
                throw e;
              }
            }
          });
    }

    void list() {
      try {
        access
            .client()
            .listObjectsV2(list -> list.bucket(object.bucket()).prefix(object.key()).maxKeys(1));
      } catch (AwsServiceException e) {
        throwUnlessRefused(e);
        note(e, "s3:ListBucket");
      }
    }

    void parts() {
      if (missing.isEmpty()) {
        probe.parts();
      }
    }

    void delete() {
      try {
        access.client().deleteObject(delete -> delete.bucket(object.bucket()).key(object.key()));
      } catch (AwsServiceException e) {
        throwUnlessRefused(e);
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

    private void attempt(String permission, Runnable step) {
      try {
        step.run();
      } catch (AwsServiceException e) {
        throwUnlessRefused(e);
        missing.add(permission + " (" + Failures.reason(e) + ")");
        first = e;
      } catch (SdkException e) {
        throw unusable(e);
      }
    }

    /**
     * Throws the exception unless it is a refusal, because other failures are not about
     * permissions.
     */
    private void throwUnlessRefused(AwsServiceException e) {
      if (e.statusCode() != FORBIDDEN || !Failures.refusal(e)) {
        throw unusable(e);
      }
    }
  }
}
