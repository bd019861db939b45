package io.darkroom.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/** Opens clients that ask the broker about topics and groups. */
public final class AdminClients {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private AdminClients() {}

  /**
   * Opens a client, which the caller closes. Its calls fail after 10 s without an answer.
   *
   * @param broker settings of all clients of the broker; settings that are only for other clients
   *     are ignored
   */
  public static Admin open(Map<String, Object> broker, String clientId) {
    Map<String, Object> config = new HashMap<>(broker);
    config.keySet().retainAll(AdminClientConfig.configNames());
    config.put(AdminClientConfig.CLIENT_ID_CONFIG, clientId);
    int timeout = (int) TIMEOUT.toMillis();
    config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, timeout);
    config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, timeout);
    return Admin.create(config);
  }
}
