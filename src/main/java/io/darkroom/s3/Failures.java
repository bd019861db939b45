package io.darkroom.s3;

import io.darkroom.render.ObjectStore.StoreFailure;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** Says in one sentence what the SDK says in many, without anything it was given in confidence. */
final class Failures {
  /** The store's answers that depend on what was asked for, not on the state of the store. */
  private static final Set<String> REFUSALS =
      Set.of(
          "NoSuchBucket",
          "AccessDenied",
          "AllAccessDisabled",
          "InvalidBucketName",
          "PermanentRedirect",
          "EntityTooLarge",
          "KeyTooLongError");

  private Failures() {}

  static StoreFailure of(String subject, String what, SdkException e) {
    String code = e instanceof AwsServiceException answer ? code(answer) : "";
    String reason =
        e instanceof AwsServiceException answer
            ? answer.statusCode() + (code.isEmpty() ? "" : " " + code)
            : root(e).getClass().getSimpleName();
    return new StoreFailure(subject + ": " + what + ": " + reason, e, REFUSALS.contains(code));
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
