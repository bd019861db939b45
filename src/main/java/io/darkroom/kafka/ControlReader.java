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
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.jboss.logging.Logger;

/**
 * Reads the whole control topic, in every worker: first what stands in it, from the start of its
 * retention, then what comes, on a thread of its own. A record that cannot be dealt with is passed
 * over; where the broker fails it begins again, which does no harm: a withdrawal that is read twice
 * is one.
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
  private final Outage outage = new Outage("reading cancellations", LOG::warn);
  private final Thread thread = new Thread(this::read, "control");
  private final CountDownLatch upToDate = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);

  /** What becomes of control messages. */
  @Singleton
  record Effects(
      ControlCodec codec, Cancellations cancellations, ControlCounts counts, Clock clock) {}

  /**
   * A reader that reads nothing yet.
   *
   * @param errors asked for when there is one, since whoever ends the process also ends this
   */
  @Inject
  ControlReader(
      @Identifier("default-kafka-broker") Map<String, Object> broker,
      KafkaSettings settings,
      Effects effects,
      Provider<FatalErrors> errors) {
    this.broker = broker;
    this.settings = settings;
    this.codec = effects.codec();
    this.cancellations = effects.cancellations();
    this.counts = effects.counts();
    this.clock = effects.clock();
    this.errors = errors;
    thread.setDaemon(true);
  }

  /**
   * Begins to read; once. Blocks until everything is read that stood in the topic, which is as long
   * as the broker does not answer: who does not know what was withdrawn must not take requests.
   *
   * @return false where the worker ended first
   */
  public boolean start() throws InterruptedException {
    thread.start();
    upToDate.await();
    return closed.getCount() > 0;
  }

  /** Why no withdrawal is read any more; empty where they are, or where nothing began yet. */
  public Optional<String> problem() {
    boolean ended = thread.getState() == Thread.State.TERMINATED && closed.getCount() > 0;
    return ended ? Optional.of("the thread that reads cancellations ended") : Optional.empty();
  }

  @PreDestroy
  void close() {
    closed.countDown();
    upToDate.countDown();
  }

  private void read() {
    try {
      for (int tries = 1; !closedWithin(Duration.ZERO); tries++) {
        try (KafkaConsumer<byte[], byte[]> consumer =
            WholeTopic.consumer(broker, "darkroom-control", "read_committed")) {
          follow(new WholeTopic(consumer, settings.topics().control(), System::nanoTime));
        } catch (RuntimeException e) { // one of the broker's, or a fault: begin again
          Duration pause = settings.retries().delay(tries, ThreadLocalRandom.current());
          outage.failed(e.getClass().getSimpleName() + ": " + e.getMessage());
          LOG.debugf(e, "control topic not readable tries=%d", tries);
          closedWithin(pause);
        }
      }
    } catch (Error e) { // the thread's top
      errors.get().fatal(e);
    }
  }

  private void follow(WholeTopic partitions) {
    while (!closedWithin(Duration.ZERO)) {
      if (partitions.find()) {
        partitions.poll(POLL).forEach(this::attempt);
        outage.worked();
      } else {
        closedWithin(POLL);
      }
      if (upToDate.getCount() > 0 && partitions.upToDate()) {
        LOG.infof(
            "control topic read topic=%s partitions=%d cancellations=%d",
            settings.topics().control(), partitions.count(), cancellations.size());
        upToDate.countDown();
      }
    }
  }

  /** One record must not keep this thread from the others, now and at each start. */
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
      counts.withdrawn();
      boolean acts = cancellations.withdraw(cancel.id(), taken.published());
      LOG.debugf("cancellation id=%s applies=%b source=%s", cancel.id(), acts, taken.source());
    }
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
