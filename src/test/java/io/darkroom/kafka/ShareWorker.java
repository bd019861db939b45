package io.darkroom.kafka;

import io.darkroom.job.Problem;
import io.darkroom.json.EventCodec;
import io.darkroom.render.Delivery;
import io.darkroom.render.Intake;
import io.darkroom.render.RetryPolicy;
import io.darkroom.render.Settlement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;

/** A worker of a share group without an application; settles records as the test decides. */
final class ShareWorker implements Intake, AutoCloseable {
  static final int IN_FLIGHT = 2;

  private final Function<Delivery, Settlement> settling;
  private final List<Delivery> deliveries = new CopyOnWriteArrayList<>();
  private final ProducerEmitter events;
  private final ProducerEmitter letters;
  private final Attempts attempts;
  private final RetryTopic retries;
  private final RequestConsumer consumer;

  ShareWorker(
      Map<String, Object> client, KafkaSettings settings, Function<Delivery, Settlement> settling)
      throws ExecutionException, InterruptedException {
    this.settling = settling;
    this.events = new ProducerEmitter(client, settings.topics().events());
    this.letters = new ProducerEmitter(client, settings.topics().deadLetters());
    this.attempts = new Attempts(client, settings, System::nanoTime);
    Clock clock = Clock.systemUTC();
    this.retries = new RetryTopic(client, settings, clock, System::nanoTime);
    Publishing publishing = new Publishing(settings, clock, System::nanoTime);
    IntakeGate gate = new IntakeGate(System::nanoTime);
    RecordProcessor processor =
        new RecordProcessor(
            this,
            new DeadLetters(letters, settings, publishing, clock),
            new EventPublisher(
                events, new EventCodec("/darkroom/test"), settings, publishing, clock),
            RequestTraces.NONE,
            gate,
            attempts,
            retries,
            settings,
            System::nanoTime);
    FatalErrors fatal =
        error -> {
          throw new IllegalStateException(error);
        };
    RequestWorkers workers = new RequestWorkers(processor, attempts, () -> fatal, settings);
    GroupCheck check = new GroupCheck(settings);
    try (Admin admin = Admin.create(client)) {
      check
          .problem(admin)
          .ifPresent(
              problem -> {
                throw new IllegalStateException(problem);
              });
    }
    ShareGroup group =
        new ShareGroup(client, settings, check, gate, attempts, clock, System::nanoTime);
    consumer =
        new RequestConsumer(
            () -> {
              throw new IllegalStateException("not a consumer group");
            },
            () -> group,
            workers,
            processor,
            attempts,
            retries,
            settings);
    consumer.start();
  }

  static KafkaSettings settings(String name, String group, TopicNames topics) {
    return new KafkaSettings(
        IN_FLIGHT,
        new RetryPolicy(Duration.ofMillis(1), Duration.ofMillis(4), RetryPolicy.UNLIMITED),
        Duration.ZERO,
        name,
        topics,
        3,
        Consumption.SHARE_GROUP,
        group);
  }

  /** Returns the records in order. */
  List<Delivery> deliveries() {
    return deliveries;
  }

  /** Stops as on SIGTERM. */
  void stop() {
    consumer.stop(Duration.ZERO);
    consumer.loseAll();
  }

  /** Ends as after a fault that one of its requests caused. */
  void die() {
    consumer.keepClaims();
    consumer.stop(Duration.ZERO);
    consumer.loseAll();
  }

  @Override
  public Settlement settle(Delivery delivery) {
    deliveries.add(delivery);
    return settling.apply(delivery);
  }

  @Override
  public Settlement giveUp(Delivery delivery, Problem problem) {
    return RecordingRenderer.failed(delivery, problem);
  }

  @Override
  public void close() {
    stop();
    attempts.close();
    retries.close();
    events.close();
    letters.close();
  }
}
