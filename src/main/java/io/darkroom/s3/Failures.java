package io.darkroom.s3;

import io.darkroom.render.ObjectStore.StoreFailure;
import java.net.UnknownHostException;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;

/** Turns failures of the AWS SDK into messages of one sentence, without secrets. */
final class Failures {
  /**
   * Error codes that concern the credentials or the clock of the worker, and therefore all objects.
   */
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

  /** Status and code of the answer, or the reason why there is no answer. */
  static String reason(SdkException e) {
    if (e instanceof AwsServiceException answer) {
      String code = code(answer);
      return answer.statusCode() + (code.isEmpty() ? "" : " " + code);
    }
    return unanswered(root(e));
  }

  /**
   * Whether the store permanently refuses this bucket or object: it is archived, encrypted with a
   * key that the worker lacks, in another region, or forbidden. A repeated call gets the same
   * answer; other objects are not affected.
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
   * Whether the answer means that the object does not exist.
   *
   * @param forbiddenIsAbsent whether 403 has this meaning, as it has without s3:ListBucket
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

  /** Whether the host of the bucket has no address. */
  static boolean unknownHost(SdkException e) {
    return root(e) instanceof UnknownHostException;
  }

  /** Why there is no answer: a fault of the network or of the configuration. */
  private static String unanswered(Throwable cause) {
    String said = String.valueOf(cause.getMessage()).replaceAll("\\s+", " ").strip();
    if (cause instanceof ApiCallTimeoutException) {
      return "no end within darkroom.s3.deadline";
    }
    if (cause instanceof UnknownHostException) {
      return "no such host: "
          + said
          + " (where buckets have no hosts of their own, set darkroom.s3.path-style=true)";
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
