package io.darkroom.kafka;

import io.darkroom.render.Outage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the topic of claims. All workers write to it; each worker reads all of it in a
 * separate thread.
 */
final class AttemptTopic {
  private static final Logger LOG = Logger.getLogger(AttemptTopic.class);
  private static final Duration POLL = Duration.ofMillis(50);
  private static final long CLOSE_SECONDS = 2;

  private final Map<String, Object> broker;
  private final String name;
  private final BiConsumer<String, byte @Nullable []> reader;
  private final Queue<CompletableFuture<Boolean>> asked = new ConcurrentLinkedQueue<>();
  private final LongSupplier nanoClock;
  private final ReadLoop loop;
  private final Thread thread = new Thread(this::read, "attempts");
  private @Nullable KafkaProducer<byte[], byte[]> producer;

  /**
   * @param reader receives keys and values in the order of the topic, on the reading thread; the
   *     value of a tombstone is null
   */
  AttemptTopic(
      Map<String, Object> broker,
      KafkaSettings settings,
      BiConsumer<String, byte @Nullable []> reader,
      LongSupplier nanoClock) {
    this.broker = broker;
    this.name = settings.topics().attempts();
    this.reader = reader;
    this.nanoClock = nanoClock;
    Outage outage = new Outage("reading attempts", LOG::warn, nanoClock);
    this.loop = new ReadLoop(settings.retries(), outage);
    thread.setDaemon(true);
  }

  synchronized void start() {
    thread.start();
    Map<String, Object> config = new HashMap<>(broker);
    config.keySet().retainAll(ProducerConfig.configNames());
    config.put(ProducerConfig.CLIENT_ID_CONFIG, "darkroom-attempts");
    config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    // If the topic does not exist, a render waits for it no longer than this.
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 1000);
    producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /**
   * Returns a future that completes with true when the reader has reached the current end of the
   * topic. If the topic does not exist, it completes with false soon after the call.
   */
  Future<Boolean> catchUp() {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    if (thread.isAlive()) {
      asked.add(done);
    } else {
      done.complete(false);
    }
    return done;
  }

  /**
   * Writes a value; null deletes the key. The future completes with true when the broker has stored
   * the record, on the producer's thread.
   */
  @SuppressWarnings("FutureReturnValueIgnored") // the callback receives the same result
  synchronized CompletableFuture<Boolean> write(String key, byte @Nullable [] value) {
    KafkaProducer<byte[], byte[]> out = producer;
    if (out == null) {
      return CompletableFuture.completedFuture(true);
    }
    CompletableFuture<Boolean> stored = new CompletableFuture<>();
    out.send(
        new ProducerRecord<>(name, Outgoing.utf8(key), value),
        (place, failure) -> complete(stored, failure));
    return stored;
  }

  private static void complete(CompletableFuture<Boolean> stored, @Nullable Exception failure) {
    if (failure == null) {
      stored.complete(true);
    } else {
      stored.completeExceptionally(failure);
    }
  }

  void flush() {
    KafkaProducer<byte[], byte[]> out;
    synchronized (this) {
      out = producer;
    }
    if (out != null) {
      out.flush();
    }
  }

  void close() {
    loop.close();
    KafkaProducer<byte[], byte[]> out;
    synchronized (this) {
      out = producer;
      producer = null;
    }
    if (out != null) {
      out.close(Duration.ofSeconds(CLOSE_SECONDS));
    }
  }

  private void read() {
    loop.run(
        () -> {
          try (KafkaConsumer<byte[], byte[]> consumer =
              WholeTopic.consumer(broker, "darkroom-attempts", "read_uncommitted")) {
            follow(new WholeTopic(consumer, name, nanoClock));
          }
        });
  }

  private void follow(WholeTopic partitions) throws InterruptedException {
    List<CompletableFuture<Boolean>> waiting = new ArrayList<>();
    try {
      while (!loop.closed()) {
        boolean found = partitions.find();
        int before = waiting.size();
        for (var next = asked.poll(); next != null; next = asked.poll()) {
          waiting.add(next);
        }
        if (found && waiting.size() > before) {
          partitions.updateEnds();
        }
        if (found) {
          partitions
              .poll(POLL)
              .forEach(each -> reader.accept(ReceivedRecord.text(each.key()), each.value()));
          loop.worked();
        } else {
          loop.closedWithin(POLL);
        }
        if (!found || partitions.upToDate()) {
          waiting.forEach(each -> each.complete(found));
          waiting.clear();
        }
      }
    } finally {
      asked.addAll(waiting);
    }
  }
}
