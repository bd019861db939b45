package io.darkroom.app.health;

import io.darkroom.app.ResultSpool;
import io.darkroom.app.StoreProbe;
import io.darkroom.app.TopicProbe;
import io.darkroom.kafka.AdminClients;
import io.darkroom.kafka.IntakeGate;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/** Probes the bucket and the broker every 5 s. */
@Singleton
final class DependencyProbes {
  private static final Duration PAUSE = Duration.ofSeconds(5);
  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  private final ScheduledExecutorService threads =
      Executors.newScheduledThreadPool(2, DependencyProbes::daemon);
  private final Watch store;
  private final Watch broker;
  private final StoreProbe objects;
  private final ResultSpool spool;
  private final TopicProbe topics;
  private final IntakeGate gate;
  private final Map<String, Object> kafka;

  @Inject
  DependencyProbes(
      StoreProbe objects,
      ResultSpool spool,
      TopicProbe topics,
      IntakeGate gate,
      @Identifier("default-kafka-broker") Map<String, Object> kafka,
      LongSupplier nanoClock) {
    this.store = new Watch("store", objects::probe, TIMEOUT, nanoClock);
    this.broker = new Watch("broker", this::askBroker, TIMEOUT, nanoClock);
    this.objects = objects;
    this.spool = spool;
    this.topics = topics;
    this.gate = gate;
    this.kafka = kafka;
  }

  /**
   * Starts the probes before the worker starts, so that the gate is closed until the first result.
   */
  @SuppressWarnings("FutureReturnValueIgnored") // runs until stop
  void start(@Observes @Priority(Interceptor.Priority.LIBRARY_BEFORE) StartupEvent event) {
    gate.set(Optional.of("store and topics are not checked yet"));
    long pause = PAUSE.toMillis();
    threads.scheduleWithFixedDelay(this::watchStore, 0, pause, TimeUnit.MILLISECONDS);
    threads.scheduleWithFixedDelay(this::watchBroker, 0, pause, TimeUnit.MILLISECONDS);
  }

  /** Returns why the bucket of the default prefix is not usable; empty if it is usable. */
  Optional<String> storeProblem() {
    return store.problem().or(objects::problem).or(spool::problem);
  }

  /** Returns the probe of the broker. */
  Watch broker() {
    return broker;
  }

  @PreDestroy
  void stop() {
    threads.shutdownNow();
  }

  private void watchStore() {
    long began = gate.now();
    store.run();
    openOrClose();
    gate.checked(began);
  }

  private void watchBroker() {
    broker.run();
    openOrClose();
  }

  private void openOrClose() {
    gate.set(store.lastProblem().or(spool::problem).or(topics::stop));
  }

  private void askBroker() throws Exception {
    try (Admin admin = AdminClients.open(kafka, "darkroom-health")) {
      admin.describeCluster().clusterId().get();
      topics.probe(admin);
    } catch (ExecutionException e) {
      Object address = kafka.get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG);
      throw new IOException(address + " does not answer: " + e.getCause(), e);
    }
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "watch");
    thread.setDaemon(true);
    return thread;
  }
}
