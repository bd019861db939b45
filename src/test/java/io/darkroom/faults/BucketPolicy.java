package io.darkroom.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * A rule of a {@link FaultProxy} that enforces a policy of S3: an action that no statement allows
 * gets status 403. It knows the actions of a worker; every other request is an unknown action,
 * which is refused too.
 */
public final class BucketPolicy implements Function<FaultProxy.Request, FaultProxy.Fault> {
  private static final int FORBIDDEN = 403;

  private final List<Statement> statements = new ArrayList<>();
  private final Set<String> used = new ConcurrentSkipListSet<>();
  private final Set<String> refused = new ConcurrentSkipListSet<>();

  private record Statement(Set<String> actions, List<Pattern> resources) {
    boolean allows(String action, String resource) {
      return actions.contains(action)
          && resources.stream().anyMatch(each -> each.matcher(resource).matches());
    }
  }

  /** Reads the policy. */
  public BucketPolicy(Path file) throws IOException {
    JsonNode policy = new ObjectMapper().readTree(file.toFile());
    for (JsonNode each : policy.path("Statement")) {
      if (!each.path("Effect").asText().equals("Allow")) {
        throw new IllegalArgumentException(file + ": Effect must be Allow, is " + each);
      }
      statements.add(
          new Statement(
              Set.copyOf(texts(each.path("Action"))),
              texts(each.path("Resource")).stream().map(BucketPolicy::pattern).toList()));
    }
  }

  /** Returns the actions that were allowed. */
  public Set<String> used() {
    return used;
  }

  /** Returns the requests that were refused: action and resource. */
  public Set<String> refused() {
    return refused;
  }

  @Override
  public FaultProxy.Fault apply(FaultProxy.Request request) {
    String[] target = request.target().split("\\?", 2);
    String path = target[0].replaceAll("^/|/$", "");
    String query = target.length == 2 ? "&" + target[1] + "&" : "&";
    String resource = "arn:aws:s3:::" + path;
    List<String> actions = new ArrayList<>();
    actions.add(path.contains("/") ? ofObject(request, query) : ofBucket(request, query));
    if (request.headers().containsKey("x-amz-tagging")) {
      actions.add("s3:PutObjectTagging");
    }
    for (String action : actions) {
      if (statements.stream().noneMatch(each -> each.allows(action, resource))) {
        refused.add(action + " " + resource);
        return new FaultProxy.Fault.Answer(FORBIDDEN, "AccessDenied");
      }
    }
    used.addAll(actions);
    return FaultProxy.Fault.NONE;
  }

  private static String ofObject(FaultProxy.Request request, String query) {
    boolean part = query.contains("&uploadId=");
    return switch (request.method()) {
      case "GET", "HEAD" ->
          query.matches("&(x-id=[A-Za-z]+&)?") ? "s3:GetObject" : unknown(request);
      case "PUT" -> "s3:PutObject";
      case "POST" -> part || query.contains("&uploads") ? "s3:PutObject" : unknown(request);
      case "DELETE" -> part ? "s3:AbortMultipartUpload" : "s3:DeleteObject";
      default -> unknown(request);
    };
  }

  private static String ofBucket(FaultProxy.Request request, String query) {
    return switch (request.method()) {
      case "HEAD" -> "s3:ListBucket";
      case "GET" -> query.contains("&list-type=2&") ? "s3:ListBucket" : unknown(request);
      case "PUT" -> "s3:CreateBucket";
      default -> unknown(request);
    };
  }

  private static String unknown(FaultProxy.Request request) {
    return "unknown:" + request.method() + " " + request.target();
  }

  private static List<String> texts(JsonNode value) {
    List<String> texts = new ArrayList<>();
    (value.isArray() ? value : List.of(value)).forEach(each -> texts.add(each.asText()));
    return texts;
  }

  private static Pattern pattern(String resource) {
    return Pattern.compile(Pattern.quote(resource).replace("*", "\\E.*\\Q"));
  }
}
