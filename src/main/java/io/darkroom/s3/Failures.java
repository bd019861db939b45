package io.darkroom.s3;

import io.darkroom.render.ObjectStore.StoreFailure;
import io.darkroom.text.Printable;
import java.net.UnknownHostException;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;

/** Converts failures of the AWS SDK into one-sentence messages without secrets. */
final class Failures {
  /** Error codes about the credentials or the clock of the worker, which affect all objects. */
  private static final Set<String> KEYS =
      Set.of(
          "AuthorizationHeaderMalformed",
          "ExpiredToken",
          "InvalidAccessKeyId",
          "InvalidToken",
          "RequestTimeTooSkewed",
          "SignatureDoesNotMatch",
          "TokenRefreshRequired");

  /** Error codes with a status below 500 after which the same call may succeed. */
  private static final Set<String> PASSING =
      Set.of("BadDigest", "IncompleteBody", "OperationAborted", "RequestTimeout", "SlowDown");

  private static final int NOT_FOUND = 404;
  private static final int TIMED_OUT = 408;
  private static final int CONFLICT = 409;
  private static final int PRECONDITION_FAILED = 412;
  private static final int TOO_EARLY = 425;
  private static final int TOO_MANY = 429;
  private static final int FORBIDDEN = 403;
  private static final int SERVER = 500;

  private static final String NO_CREDENTIALS = "Unable to load credentials";

  private Failures() {}

  static StoreFailure of(String subject, String what, SdkException e) {
    boolean refusal = e instanceof AwsServiceException answer && refusal(answer);
    return new StoreFailure(subject + ": " + what + ": " + reason(e), e, refusal);
  }

  /** Returns the status and code of the answer, or the reason why there is no answer. */
  static String reason(SdkException e) {
    if (e instanceof AwsServiceException answer) {
      String code = code(answer);
      return answer.statusCode() + (code.isEmpty() ? "" : " " + code);
    }
    return unanswered(root(e));
  }

  /**
   * Returns whether the store permanently refuses this bucket or object: it is archived, encrypted
   * with a key that the worker does not have, in another region, or forbidden. A repeated call gets
   * the same answer; other objects are not affected.
   */
  static boolean refusal(AwsServiceException answer) {
    int status = answer.statusCode();
    boolean passing =
        status == TIMED_OUT
            || status == CONFLICT
            || status == PRECONDITION_FAILED
            || status == TOO_EARLY
            || status == TOO_MANY
            || status >= SERVER;
    String code = code(answer);
    return !passing && !KEYS.contains(code) && !PASSING.contains(code);
  }

  /**
   * Returns whether the answer means that the object does not exist.
   *
   * @param forbiddenIsAbsent whether 403 means this, as AWS answers without s3:ListBucket
   */
  static boolean absent(SdkException e, boolean forbiddenIsAbsent) {
    if (!(e instanceof AwsServiceException answer)) {
      return false;
    }
    String code = code(answer);
    boolean forbidden = code.isEmpty() || code.equals("AccessDenied") || code.equals("Forbidden");
    return answer.statusCode() == NOT_FOUND
        ? !code.equals("NoSuchBucket")
        : forbiddenIsAbsent && answer.statusCode() == FORBIDDEN && forbidden;
  }

  /** Returns whether the host name of the bucket cannot be resolved. */
  static boolean unknownHost(SdkException e) {
    return root(e) instanceof UnknownHostException;
  }

  /** Returns why there is no answer: a network failure or a wrong configuration. */
  private static String unanswered(Throwable cause) {
    String said = Printable.collapsed(String.valueOf(cause.getMessage()));
    if (cause instanceof ApiCallTimeoutException) {
      return "not finished within darkroom.s3.deadline";
    }
    if (cause instanceof UnknownHostException) {
      return "no such host: "
          + said
          + " (if the store has no host names for buckets, set darkroom.s3.path-style=true)";
    }
    if (said.startsWith(NO_CREDENTIALS)) {
      return "no credentials (set darkroom.s3.access-key-id and darkroom.s3.secret-access-key, or"
          + " what the SDK looks for): "
          + said;
    }
    return cause.getClass().getSimpleName() + ": " + said;
  }

  private static String code(AwsServiceException answer) {
    var details = answer.awsErrorDetails();
    return details == null || details.errorCode() == null ? "" : details.errorCode();
  }

  private static Throwable root(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
