package io.darkroom.kafka;

import io.darkroom.job.ErrorClass;
import io.darkroom.job.Problem;
import io.darkroom.job.RenderOutcome;
import io.darkroom.render.Bytes;
import io.darkroom.render.Delivery;
import io.darkroom.render.Intake;
import io.darkroom.render.Settlement;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Scanner;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * What stands behind the adapter in these tests: settles as the test says, and tells what it was
 * given. A body is {@code id} or {@code bad id}, and more behind a blank.
 */
@Alternative
@Singleton
public final class Behind implements Intake, Events, FatalErrors {
  private final List<Delivery> deliveries = new CopyOnWriteArrayList<>();
  private final List<Error> errors = new CopyOnWriteArrayList<>();
  private volatile Function<Delivery, Settlement> way = Behind::outcome;
  private volatile Function<RenderOutcome, RenderOutcome> announcing = outcome -> outcome;

  /** Replaces what happens to a delivery. */
  void settles(Function<Delivery, Settlement> newWay) {
    way = newWay;
  }

  /** Replaces what happens to an outcome before it is announced. */
  void announces(Function<RenderOutcome, RenderOutcome> newWay) {
    announcing = newWay;
  }

  /** What came, in order. */
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
      Problem problem = Problem.of(ErrorClass.INVALID, "not a request", false);
      return new Settlement(new RenderOutcome.Rejected(words.next(), "", problem), true);
    }
    return new Settlement(new RenderOutcome.Cancelled(id, "", 0), false);
  }

  @Override
  public Settlement settle(Delivery delivery) {
    deliveries.add(delivery);
    return way.apply(delivery);
  }

  @Override
  public Event terminal(RenderOutcome outcome, Instant time) {
    RenderOutcome announced = announcing.apply(outcome);
    String type = announced.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    return event(type, announced.subject(), time);
  }

  @Override
  public Event started(String requestId, int evaluationsWanted, Instant time) {
    return event("started", requestId, time);
  }

  @Override
  public Event progressed(String requestId, int done, int wanted, Instant time) {
    return event("progressed", requestId, time);
  }

  @Override
  public void fatal(Error error) {
    errors.add(error);
  }

  @Produces
  @Alternative
  @Singleton
  Clock clock() {
    return Clock.systemUTC();
  }

  @Produces
  @Alternative
  @Singleton
  KafkaSettings settings() {
    return new KafkaSettings(
        KafkaAlone.IN_FLIGHT, Duration.ofMillis(1), Duration.ofMillis(4), "worker-1");
  }

  private static Event event(String type, String subject, Instant time) {
    int bytes = type.equals("cancelled") && subject.equals("vast") ? 2_000_000 : 2;
    byte[] data = new byte[bytes];
    new Random(1).nextBytes(data);
    Map<String, String> attributes =
        Map.of(
            "specversion",
            "1.0",
            "id",
            type + "-" + subject,
            "source",
            "/darkroom",
            "type",
            "test." + type,
            "subject",
            subject,
            "time",
            time.toString(),
            "datacontenttype",
            "application/json");
    return new Event(attributes, new Bytes(data));
  }
}
