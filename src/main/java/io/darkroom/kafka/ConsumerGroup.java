package io.darkroom.kafka;

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

/** Requests from a consumer group. The connector polls, and commits offsets in order. */
@Singleton
final class ConsumerGroup implements RequestSource {
  private static final Logger LOG = Logger.getLogger(ConsumerGroup.class);

  /** Maximum time to wait for the broker when the worker ends. */
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

  /** The connector closes its consumer with the subscription, and waits for the broker. */
  private void leaveGroup() {
    subscription.ifPresent(Cancellable::cancel);
  }

  @Override
  public void loseAll() {
    claims.hurry();
    claims.loseAll();
    try {
      leave.join(LEAVING_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Uni<Void> take(Message<byte[]> message, RequestWorkers workers) {
    if (stopped) {
      // This never completes, so it occupies one of the places of merge(), and the offset is not
      // committed.
      return Uni.createFrom().nothing();
    }
    ReceivedRecord record = ReceivedRecord.of(message, clock.instant());
    Claim claim = claims.take(record.record());
    return Uni.createFrom()
        .completionStage(() -> workers.settle(record, claim))
        .onItem()
        .transformToUni(done -> done ? acknowledge(message, record, claim) : leave(claim))
        .onFailure()
        .recoverWithUni(failure -> lost(record, failure));
  }

  private Uni<Void> acknowledge(Message<byte[]> message, ReceivedRecord record, Claim claim) {
    claims.settled(record.record(), claim);
    return Uni.createFrom().completionStage(message::ack);
  }

  /**
   * A lost record frees its place for another. Any other record keeps its place until the worker
   * ends.
   */
  private static Uni<Void> leave(Claim claim) {
    return claim.lost() ? Uni.createFrom().voidItem() : Uni.createFrom().nothing();
  }

  private static Uni<Void> lost(ReceivedRecord record, Throwable failure) {
    LOG.warnf("record left unacknowledged source=%s reason=%s", record.source(), failure);
    return Uni.createFrom().nothing();
  }
}
