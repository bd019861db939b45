package io.darkroom.demo;

import io.darkroom.LocalS3;
import io.darkroom.LocalStack;
import java.util.LinkedHashMap;
import java.util.Map;

/** Settings of workers and clients of a {@link LocalStack}. */
public final class DemoEnvironment {
  private final LocalStack stack;
  private final int httpPort;

  /**
   * Creates the settings for a stack.
   *
   * @param httpPort port of health and metrics of the worker; 0 for any
   */
  public DemoEnvironment(LocalStack stack, int httpPort) {
    this.stack = stack;
    this.httpPort = httpPort;
  }

  /** A worker's configuration. */
  public Map<String, String> environment(String models) {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("DARKROOM_MODELS", models);
    environment.put("DARKROOM_KAFKA_BOOTSTRAP_SERVERS", stack.kafka().bootstrapServers());
    environment.putAll(LocalS3.environment(stack.s3().endpoint()));
    environment.put("DARKROOM_S3_REGION", stack.s3().settings().region());
    environment.put("DARKROOM_OUTPUT_PREFIX", "s3://" + LocalStack.BUCKET + "/renders/");
    environment.put("QUARKUS_HTTP_PORT", Integer.toString(httpPort));
    environment.put("QUARKUS_LOG_CONSOLE_JSON_ENABLED", "false");
    return environment;
  }

  /** A worker's configuration with a console that publishes requests, for this machine. */
  Map<String, String> environment(String models, int consolePort) {
    Map<String, String> environment = environment(models);
    environment.put("DARKROOM_CONSOLE_ENABLED", "true");
    environment.put("DARKROOM_CONSOLE_SUBMIT", "true");
    environment.put("DARKROOM_CONSOLE_PORT", Integer.toString(consolePort));
    return environment;
  }

  /** Returns instructions for manual use. */
  String howTo(int consolePort) {
    String brokers = stack.kafka().bootstrapServers();
    String store = stack.s3().endpoint().toString();
    String keys =
        "AWS_ACCESS_KEY_ID=%s AWS_SECRET_ACCESS_KEY=%s AWS_DEFAULT_REGION=%s"
            .formatted(
                LocalS3.KEYS.accessKeyId(),
                LocalS3.KEYS.secretAccessKey(),
                stack.s3().settings().region());
    return """

    Broker, store and worker run until Ctrl-C.
      Kafka     %1$s
      topics    %2$s
      S3        %3$s (path style), bucket %4$s, key %5$s, secret %6$s
      worker    http://localhost:%7$d/q/health
      console   http://localhost:%9$d/
      publish   kcat -b %1$s -t darkroom.requests -P request.json
                jq -c . request.json | kafka-console-producer.sh --bootstrap-server %1$s --topic darkroom.requests
      cancel    echo '{"request_id":"ID","action":"cancel"}' | kcat -b %1$s -t darkroom.control -P
      events    kcat -b %1$s -t darkroom.events -C -o beginning
      list      %8$s aws --endpoint-url %3$s s3 ls --recursive s3://%4$s/
    """
        .formatted(
            brokers,
            String.join(" ", LocalStack.TOPICS),
            store,
            LocalStack.BUCKET,
            LocalS3.KEYS.accessKeyId(),
            LocalS3.KEYS.secretAccessKey(),
            httpPort,
            keys,
            consolePort);
  }
}
