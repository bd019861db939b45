package io.darkroom.kafka;

import io.darkroom.json.Control;
import io.darkroom.json.ControlCodec;
import io.darkroom.render.Cancellations;
import io.darkroom.render.Outage;
import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Provider;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.jboss.logging.Logger;

/**
 * Reads the whole control topic in a separate thread of each worker: first the retained records,
 * then new ones. A record that causes an error is skipped. After an error of the broker the reader
 * starts again at the beginning; this is safe because a repeated cancellation has no further
 * effect.
 */
@Singleton
public final class ControlReader {
  private static final Logger LOG = Logger.getLogger(ControlReader.class);
  private static final Duration POLL = Duration.ofMillis(500);

  private final Map<String, Object> broker;
  private final KafkaSettings settings;
  private final ControlCodec codec;
  private final Cancellations cancellations;
  private final ControlCounts counts;
  private final Clock clock;
  private final Provider<FatalErrors> errors;
  private final Thread thread = new Thread(this::read, "control");
  private final CountDownLatch upToDate = new CountDownLatch(1);
  private final LongSupplier nanoClock;
  private final ReadLoop loop;

  /**
   * Creates a reader; it reads after {@link #start}.
   *
   * @param errors a provider, because the handler of fatal errors depends on this class
   */
  @Inject
  ControlReader(
      @Identifier("default-kafka-broker") Map<String, Object> broker,
      KafkaSettings settings,
      ControlCodec codec,
      Cancellations cancellations,
      ControlCounts counts,
      Provider<FatalErrors> errors,
      Clock clock,
      LongSupplier nanoClock) {
    this.broker = broker;
    this.settings = settings;
    this.codec = codec;
    this.cancellations = cancellations;
    this.counts = counts;
    this.errors = errors;
    this.clock = clock;
    this.nanoClock = nanoClock;
    Outage outage = new Outage("reading cancellations", LOG::warn, nanoClock);
    this.loop = new ReadLoop(settings.retries(), outage);
    thread.setDaemon(true);
  }

  /**
   * Starts reading. Call it once. Blocks until all retained records are read, because a worker must
   * know the cancellations before it consumes requests. While the broker does not answer, the call
   * keeps waiting.
   *
   * @return false if the worker stopped first
   */
  public boolean start() throws InterruptedException {
    thread.start();
    upToDate.await();
    return !loop.closed();
  }

  /**
   * Returns why the reader no longer reads cancellations; empty while it reads, and before its
   * start.
   */
  public Optional<String> problem() {
    boolean ended = thread.getState() == Thread.State.TERMINATED && !loop.closed();
    return ended ? Optional.of("the thread that reads cancellations ended") : Optional.empty();
  }

  @PreDestroy
  void close() {
    loop.close();
    upToDate.countDown();
  }

  private void read() {
    try {
      loop.run(this::follow);
    } catch (Error e) { // outermost handler of the thread
      errors.get().fatal(e);
    }
  }

  private void follow() throws InterruptedException {
    try (KafkaConsumer<byte[], byte[]> consumer =
        WholeTopic.consumer(broker, "darkroom-control", "read_committed")) {
      follow(new WholeTopic(consumer, settings.topics().control(), nanoClock));
    }
  }

  private void follow(WholeTopic partitions) throws InterruptedException {
    while (!loop.closed()) {
      if (partitions.find()) {
        partitions.poll(POLL).forEach(this::attempt);
        loop.worked();
      } else {
        loop.closedWithin(POLL);
      }
      if (upToDate.getCount() > 0 && partitions.upToDate()) {
        LOG.infof(
            "control topic read topic=%s partitions=%d cancellations=%d",
            settings.topics().control(), partitions.count(), cancellations.size());
        upToDate.countDown();
      }
    }
  }

  /**
   * Processes one record. An error in it must not stop the reader, because the same record would
   * stop it again at each start.
   */
  private void attempt(ConsumerRecord<byte[], byte[]> record) {
    ReceivedRecord taken = new ReceivedRecord(record, clock.instant());
    try {
      take(taken);
    } catch (RuntimeException | StackOverflowError fault) {
      LOG.errorf(fault, "internal error in a control message source=%s", taken.source());
    }
  }

  private void take(ReceivedRecord taken) {
    Control control = codec.read(taken.body());
    if (control instanceof Control.Cancel cancel) {
      counts.cancelled();
      boolean acts = cancellations.cancel(cancel.id(), taken.published());
      LOG.debugf("cancellation id=%s applies=%b source=%s", cancel.id(), acts, taken.source());
    }
  }
}
