package io.darkroom.kafka;

import io.darkroom.render.Outage;
import io.smallrye.common.annotation.Identifier;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jboss.logging.Logger;

/**
 * Consumes requests in a share group (KIP-932). There is one consumer for each record that may be
 * in flight, because a consumer that holds a record receives no other. The broker counts
 * deliveries, gives each record to any free worker, and redelivers the records of a worker that
 * ended.
 */
@Singleton
final class ShareGroup implements RequestSource {
  /** Client ids of the consumers are the name of the worker, this, and a number. */
  static final String MEMBER = "-share-";

  private static final Logger LOG = Logger.getLogger(ShareGroup.class);

  /** Maximum time to wait until the consumers have returned their records. */
  private static final Duration LEAVING = Duration.ofSeconds(5);

  private static final List<String> OF_CONSUMER_GROUPS =
      List.of(
          ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
          ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
          ConsumerConfig.GROUP_INSTANCE_ID_CONFIG,
          ConsumerConfig.ISOLATION_LEVEL_CONFIG,
          ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
          ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG,
          ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
          ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
          ConsumerConfig.GROUP_PROTOCOL_CONFIG,
          ConsumerConfig.GROUP_REMOTE_ASSIGNOR_CONFIG);

  private final Map<String, Object> broker;
  private final KafkaSettings settings;
  private final GroupCheck check;
  private final IntakeGate gate;
  private final Attempts attempts;
  private final Clock clock;
  private final LongSupplier nanoClock;
  private final Outage outage;
  private final List<ShareMember> members = new CopyOnWriteArrayList<>();
  private volatile CountDownLatch ended = new CountDownLatch(0);

  @Inject
  ShareGroup(
      @Identifier("default-kafka-broker") Map<String, Object> broker,
      KafkaSettings settings,
      GroupCheck check,
      IntakeGate gate,
      Attempts attempts,
      Clock clock,
      LongSupplier nanoClock) {
    this.broker = broker;
    this.settings = settings;
    this.check = check;
    this.gate = gate;
    this.attempts = attempts;
    this.clock = clock;
    this.nanoClock = nanoClock;
    this.outage = new Outage("consuming requests", LOG::warn, nanoClock);
  }

  @Override
  public void start(RequestWorkers workers) {
    int most = check.mostDeliveries();
    ended = new CountDownLatch(settings.inFlight());
    Semaphore takers = new Semaphore(settings.inFlight());
    for (int i = 1; i <= settings.inFlight(); i++) {
      String clientId = settings.worker() + MEMBER + i;
      ShareMember member =
          new ShareMember(
              () -> consumer(clientId),
              record -> ReceivedRecord.shared(record, clock.instant(), most),
              workers,
              gate,
              attempts,
              takers,
              new ReadLoop(settings.retries(), outage),
              nanoClock);
      members.add(member);
    }
    members.forEach(this::run);
  }

  private void run(ShareMember member) {
    Thread thread =
        new Thread(
            () -> {
              try {
                member.run();
              } finally {
                ended.countDown();
              }
            },
            "share");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void stop(Duration most) {
    members.forEach(ShareMember::stop);
  }

  /** Returns all records to the broker. Waits for at most five seconds. */
  @Override
  public void loseAll() {
    members.forEach(ShareMember::lose);
    try {
      if (!ended.await(LEAVING.toNanos(), TimeUnit.NANOSECONDS)) {
        LOG.warnf("consumers not closed consumers=%d", ended.getCount());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private KafkaShareConsumer<byte[], byte[]> consumer(String clientId) {
    Map<String, Object> config = new HashMap<>(broker);
    config.keySet().retainAll(ConsumerConfig.configNames());
    config.keySet().removeAll(OF_CONSUMER_GROUPS);
    config.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId);
    config.put(ConsumerConfig.GROUP_ID_CONFIG, settings.group());
    config.put(ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG, "explicit");
    config.put(ConsumerConfig.SHARE_ACQUIRE_MODE_CONFIG, "record_limit");
    config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
    KafkaShareConsumer<byte[], byte[]> consumer =
        new KafkaShareConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    consumer.subscribe(settings.topics().requests());
    return consumer;
  }
}
