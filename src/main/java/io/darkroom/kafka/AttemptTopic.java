package io.darkroom.kafka;

import io.darkroom.render.Outage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The topic of claims. All workers write to it; each worker reads all of it in a separate thread.
 */
final class AttemptTopic {
  private static final Logger LOG = Logger.getLogger(AttemptTopic.class);
  private static final Duration POLL = Duration.ofMillis(50);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final long CLOSE_SECONDS = 2;

  private final Map<String, Object> broker;
  private final String name;
  private final BiConsumer<String, byte @Nullable []> reader;
  private final Outage outage = new Outage("reading attempts", LOG::warn);
  private final Queue<CompletableFuture<Boolean>> asked = new ConcurrentLinkedQueue<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread = new Thread(this::read, "attempts");
  private @Nullable KafkaProducer<byte[], byte[]> producer;

  /**
   * @param reader receives keys and values in the order of the topic; the value of a tombstone is
   *     null
   */
  AttemptTopic(
      Map<String, Object> broker, String name, BiConsumer<String, byte @Nullable []> reader) {
    this.broker = broker;
    this.name = name;
    this.reader = reader;
    thread.setDaemon(true);
  }

  synchronized void start() {
    thread.start();
    Map<String, Object> config = new HashMap<>(broker);
    config.keySet().retainAll(ProducerConfig.configNames());
    config.put(ProducerConfig.CLIENT_ID_CONFIG, "darkroom-attempts");
    config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    // If the topic does not exist, a render waits at most this long for it.
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 1000);
    producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /**
   * Completes with true when the reader has reached the current end of the topic; if the topic does
   * not exist, with false soon after the call.
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
   * Writes a value; null deletes the key. The future completes when the broker has stored the
   * record.
   */
  synchronized Future<?> write(String key, byte @Nullable [] value) {
    KafkaProducer<byte[], byte[]> out = producer;
    return out == null
        ? CompletableFuture.completedFuture(null)
        : out.send(new ProducerRecord<>(name, Outgoing.utf8(key), value));
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
    closed.countDown();
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
    while (!closedWithin(Duration.ZERO)) {
      try (KafkaConsumer<byte[], byte[]> consumer =
          WholeTopic.consumer(broker, "darkroom-attempts", "read_uncommitted")) {
        follow(new WholeTopic(consumer, name, System::nanoTime));
      } catch (KafkaException e) {
        outage.failed(e.getClass().getSimpleName() + ": " + e.getMessage());
        closedWithin(PAUSE);
      }
    }
  }

  private void follow(WholeTopic partitions) {
    List<CompletableFuture<Boolean>> waiting = new ArrayList<>();
    try {
      while (!closedWithin(Duration.ZERO)) {
        boolean found = partitions.find();
        int before = waiting.size();
        for (var next = asked.poll(); next != null; next = asked.poll()) {
          waiting.add(next);
        }
        if (found && waiting.size() > before) {
          partitions.lookForEnds();
        }
        if (found) {
          partitions.poll(POLL).forEach(each -> reader.accept(text(each.key()), each.value()));
          outage.worked();
        } else {
          closedWithin(POLL);
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

  private static String text(byte @Nullable [] key) {
    return key == null ? "" : new String(key, StandardCharsets.UTF_8);
  }

  private boolean closedWithin(Duration pause) {
    try {
      return closed.await(pause.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
