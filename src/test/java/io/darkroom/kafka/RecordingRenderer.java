package io.darkroom.kafka;

import io.darkroom.job.ErrorClass;
import io.darkroom.job.Fingerprint;
import io.darkroom.job.Manifest;
import io.darkroom.job.Problem;
import io.darkroom.job.RenderOutcome;
import io.darkroom.job.Violation;
import io.darkroom.json.ControlCodec;
import io.darkroom.json.EventCodec;
import io.darkroom.render.Account;
import io.darkroom.render.Cancellations;
import io.darkroom.render.Delivery;
import io.darkroom.render.Intake;
import io.darkroom.render.RetryPolicy;
import io.darkroom.render.Settlement;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Scanner;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Replaces the renderer behind the Kafka adapter: settles deliveries as the test decides, and
 * records them. A body is {@code id} or {@code bad id}, and may continue after a blank.
 */
@Alternative
@Singleton
public final class RecordingRenderer implements Intake, FatalErrors {
  static final Duration HANDOVER = Duration.ofSeconds(30);

  static final TopicNames TOPICS =
      new TopicNames(
          List.of("darkroom.requests", KafkaAlone.BATCH),
          "darkroom.control",
          "darkroom.events",
          "darkroom.progress",
          "darkroom.dead-letters",
          "darkroom.attempts",
          "darkroom.retries");

  private final List<Delivery> deliveries = new CopyOnWriteArrayList<>();
  private final List<Error> errors = new CopyOnWriteArrayList<>();
  private volatile Function<Delivery, Settlement> way = RecordingRenderer::outcome;
  private volatile Runnable announcing = () -> {};

  /** Sets how deliveries are settled. */
  void settles(Function<Delivery, Settlement> newWay) {
    way = newWay;
  }

  /** Sets an action for when the worker reads the clock, as it does before it writes an event. */
  void beforeEvents(Runnable action) {
    announcing = action;
  }

  /** Returns the deliveries in order. */
  List<Delivery> deliveries() {
    return deliveries;
  }

  List<Error> errors() {
    return errors;
  }

  static String text(Delivery delivery) {
    return new String(delivery.body().array(), StandardCharsets.UTF_8);
  }

  static Settlement outcome(Delivery delivery) {
    Scanner words = new Scanner(text(delivery));
    String id = words.next();
    if (id.equals("bad")) {
      List<Violation> violations = List.of(new Violation("/id", "must be there"));
      Problem problem = new Problem(ErrorClass.INVALID, "not a request", violations);
      return settlement(new RenderOutcome.Rejected(words.next(), "", problem), true);
    }
    if (id.equals("vast")) {
      return settlement(new RenderOutcome.Completed(manifest(id, 2_000_000), false), false);
    }
    return settlement(new RenderOutcome.Cancelled(id, "0".repeat(64), 0), false);
  }

  private static Settlement settlement(RenderOutcome outcome, boolean deadLetter) {
    return new Settlement(outcome, deadLetter, Account.empty(Instant.EPOCH));
  }

  @Override
  public Settlement settle(Delivery delivery) {
    deliveries.add(delivery);
    return way.apply(delivery);
  }

  @Override
  public Settlement giveUp(Delivery delivery, Problem problem) {
    return failed(delivery, problem);
  }

  static Settlement failed(Delivery delivery, Problem problem) {
    return settlement(new RenderOutcome.Failed(text(delivery), "0".repeat(64), problem), true);
  }

  @Override
  public void fatal(Error error) {
    errors.add(error);
  }

  @Produces
  @Alternative
  @Singleton
  Clock clock() {
    return new Watched();
  }

  @Produces
  @Alternative
  @Singleton
  LongSupplier nanoClock() {
    return System::nanoTime;
  }

  @Produces
  @Alternative
  @Singleton
  EventCodec codec() {
    return new EventCodec("/darkroom/test");
  }

  @Produces
  @Alternative
  @Singleton
  RequestTraces traces() {
    return RequestTraces.NONE;
  }

  @Produces
  @Alternative
  @Singleton
  KafkaSettings settings() {
    return new KafkaSettings(
        KafkaAlone.IN_FLIGHT,
        new RetryPolicy(Duration.ofMillis(1), Duration.ofMillis(4), RetryPolicy.UNLIMITED),
        HANDOVER,
        "worker-1",
        TOPICS,
        3,
        Consumption.CONSUMER_GROUP,
        "darkroom");
  }

  @Produces
  @Alternative
  @Singleton
  Cancellations cancellations() {
    return new Cancellations(Duration.ofHours(1), 10, Clock.systemUTC());
  }

  @Produces
  @Alternative
  @Singleton
  ControlCodec controlCodec() {
    return new ControlCodec();
  }

  @Produces
  @Alternative
  @Singleton
  ControlCounts controlCounts() {
    return new ControlCounts() {
      @Override
      public void cancelled() {}

      @Override
      public void unusable() {}
    };
  }

  private static Manifest manifest(String id, int bytes) {
    byte[] random = new byte[bytes];
    new Random(1).nextBytes(random);
    Fingerprint.Device device =
        new Fingerprint.Device("", "cpu", Map.of(), "", "", 1, "", "", "exact", "1-8");
    return new Manifest(
        id,
        "0".repeat(64),
        Map.of(),
        List.of(),
        List.of(),
        List.of(
            new Manifest.RenderedStage(
                "", new Fingerprint(Optional.empty(), "", Map.of(), "", "torch_cpu", device, ""))),
        new Manifest.Timings(0, 0, 0, 0, 0, 0, 0),
        1,
        1,
        1,
        List.of(),
        Map.of("noise", Base64.getEncoder().encodeToString(random)),
        Optional.empty());
  }

  /** A clock that can block. */
  private final class Watched extends Clock {
    @Override
    public Instant instant() {
      announcing.run();
      return Instant.now();
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
