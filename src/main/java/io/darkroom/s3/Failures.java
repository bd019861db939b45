package io.darkroom.s3;

import io.darkroom.render.ObjectStore.StoreFailure;
import java.net.UnknownHostException;
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

  private static final String NO_CREDENTIALS = "Unable to load credentials";

  private Failures() {}

  static StoreFailure of(String subject, String what, SdkException e) {
    String code = e instanceof AwsServiceException answer ? code(answer) : "";
    String reason =
        e instanceof AwsServiceException answer
            ? answer.statusCode() + (code.isEmpty() ? "" : " " + code)
            : unanswered(root(e));
    return new StoreFailure(subject + ": " + what + ": " + reason, e, REFUSALS.contains(code));
  }

  /** Why there is no answer: these are faults of the network or the configuration. */
  private static String unanswered(Throwable cause) {
    String said = String.valueOf(cause.getMessage()).replaceAll("\\s+", " ").strip();
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
