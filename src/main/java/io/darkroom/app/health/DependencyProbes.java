package io.darkroom.app.health;

import io.darkroom.app.DarkroomConfig;
import io.darkroom.render.ObjectUri;
import io.darkroom.s3.S3ObjectStore;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/** Watches what a worker needs around it: the store with its bucket, and the broker. */
@Singleton
final class DependencyProbes {
  private static final Duration PAUSE = Duration.ofSeconds(5);
  private static final Duration BROKER_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final ScheduledExecutorService threads =
      Executors.newScheduledThreadPool(2, DependencyProbes::daemon);
  private final Watch store;
  private final Watch broker;
  private final Map<String, Object> kafka;

  @Inject
  DependencyProbes(
      DarkroomConfig config,
      S3ObjectStore objects,
      @Identifier("default-kafka-broker") Map<String, Object> kafka) {
    String bucket = ObjectUri.parse(config.output().prefix()).bucket();
    this.store = new Watch("store", () -> objects.probe(bucket), PATIENCE, System::nanoTime);
    this.broker = new Watch("broker", this::askBroker, PATIENCE, System::nanoTime);
    this.kafka = adminConfig(kafka);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // it has no end and no value
  void start(@Observes StartupEvent event) {
    long pause = PAUSE.toMillis();
    threads.scheduleWithFixedDelay(store, 0, pause, TimeUnit.MILLISECONDS);
    threads.scheduleWithFixedDelay(broker, 0, pause, TimeUnit.MILLISECONDS);
  }

  /** The store and the bucket of the default prefix. */
  Watch store() {
    return store;
  }

  /** The broker. */
  Watch broker() {
    return broker;
  }

  @PreDestroy
  void stop() {
    threads.shutdownNow();
  }

  private void askBroker() throws Exception {
    try (Admin admin = Admin.create(kafka)) {
      admin.describeCluster().clusterId().get();
    } catch (ExecutionException e) {
      Object address = kafka.get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG);
      throw new IOException(address + " does not answer: " + e.getCause(), e);
    }
  }

  private static Map<String, Object> adminConfig(Map<String, Object> broker) {
    Map<String, Object> config = new HashMap<>(broker);
    config.keySet().retainAll(AdminClientConfig.configNames());
    config.put(AdminClientConfig.CLIENT_ID_CONFIG, "darkroom-health");
    int timeout = (int) BROKER_TIMEOUT.toMillis();
    config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, timeout);
    config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, timeout);
    return config;
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "watch");
    thread.setDaemon(true);
    return thread;
  }
}
