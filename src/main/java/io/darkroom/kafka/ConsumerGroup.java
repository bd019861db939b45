package io.darkroom.kafka;

import io.darkroom.text.Printable;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;

/** Consumes requests in a consumer group. The connector polls, and commits offsets in order. */
@Singleton
final class ConsumerGroup implements RequestSource {
  private static final Logger LOG = Logger.getLogger(ConsumerGroup.class);

  /** Maximum time to wait for the broker while the worker leaves the group. */
  private static final long LEAVING_MILLIS = 5_000;

  private final Multi<Message<byte[]>> channel;
  private final PartitionClaims claims;
  private final KafkaSettings settings;
  private final Clock clock;
  private final Thread leave = new Thread(this::leaveGroup, "leave-group");
  private volatile Optional<Cancellable> subscription = Optional.empty();
  private volatile boolean stopped;

  @Inject
  ConsumerGroup(
      @Channel("requests") Multi<Message<byte[]>> channel,
      @Identifier("requests") PartitionClaims claims,
      KafkaSettings settings,
      Clock clock) {
    this.channel = channel;
    this.claims = claims;
    this.settings = settings;
    this.clock = clock;
  }

  @Override
  public void start(RequestWorkers workers) {
    subscription =
        Optional.of(
            channel
                .onItem()
                .transformToUni(message -> take(message, workers))
                .merge(settings.inFlight())
                .subscribe()
                .with(
                    acknowledged -> {},
                    failure ->
                        LOG.error(
                            "the requests channel ended, no more requests are consumed", failure)));
  }

  @Override
  public void stop(Duration most) {
    stopped = true;
    if (subscription.isPresent() && claims.leave(most)) {
      leave.start();
    }
  }

  /**
   * Cancels the subscription. The connector then closes its consumer, which waits for the broker.
   */
  private void leaveGroup() {
    try {
      subscription.ifPresent(Cancellable::cancel);
    } catch (RuntimeException late) {
      LOG.warnf(
          "the consumer of requests was not closed in time reason=%s",
          Printable.logValue(late.toString()));
    }
  }

  @Override
  public void loseAll() {
    claims.stopWaiting();
    claims.loseAll();
    try {
      leave.join(LEAVING_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Uni<Void> take(Message<byte[]> message, RequestWorkers workers) {
    if (stopped) {
      // This never completes: it keeps one of the places of merge(), and the offset is not
      // committed.
      return Uni.createFrom().nothing();
    }
    ReceivedRecord record = ReceivedRecord.of(message, clock.instant());
    Claim claim = claims.take(record.record());
    return Uni.createFrom()
        .completionStage(() -> workers.settle(record, claim))
        .onItem()
        .transformToUni(
            done -> done ? acknowledge(message, record, claim) : keepPlaceUnlessLost(claim))
        .onFailure()
        .recoverWithUni(failure -> keepPlace(record, failure));
  }

  private Uni<Void> acknowledge(Message<byte[]> message, ReceivedRecord record, Claim claim) {
    claims.settled(record.record(), claim);
    return Uni.createFrom().completionStage(message::ack);
  }

  /**
   * Completes if the record is lost, so that another record takes its place. Any other record keeps
   * its place until the worker ends.
   */
  private static Uni<Void> keepPlaceUnlessLost(Claim claim) {
    return claim.lost() ? Uni.createFrom().voidItem() : Uni.createFrom().nothing();
  }

  private static Uni<Void> keepPlace(ReceivedRecord record, Throwable failure) {
    LOG.warnf(
        "record left unacknowledged source=%s reason=%s",
        record.source(), Printable.logValue(String.valueOf(failure)));
    return Uni.createFrom().nothing();
  }
}
