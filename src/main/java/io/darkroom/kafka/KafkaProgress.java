package io.darkroom.kafka;

import io.darkroom.json.CloudEvent;
import io.darkroom.json.EventCodec;
import io.darkroom.render.ProgressSink;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;
import org.jboss.logging.Logger;

/**
 * Publishes progress. The channel has room for so many events that the broker has not taken yet;
 * what comes beyond that is dropped.
 */
@Singleton
final class KafkaProgress implements ProgressSink {
  private static final Logger LOG = Logger.getLogger(KafkaProgress.class);

  private final Emitter<byte[]> channel;
  private final EventCodec codec;
  private final Clock clock;

  @Inject
  KafkaProgress(
      @Channel("progress") @OnOverflow(OnOverflow.Strategy.DROP) Emitter<byte[]> channel,
      EventCodec codec,
      Clock clock) {
    this.channel = channel;
    this.codec = codec;
    this.clock = clock;
  }

  @Override
  public void started(String requestId, int evaluationsWanted) {
    send(codec.started(requestId, evaluationsWanted, clock.instant()));
  }

  @Override
  public void progressed(String requestId, int evaluationsDone, int evaluationsWanted) {
    send(codec.progressed(requestId, evaluationsDone, evaluationsWanted, clock.instant()));
  }

  private void send(CloudEvent event) {
    try {
      channel.send(Outgoing.message(event, new RecordHeaders()));
    } catch (IllegalStateException closed) {
      LOG.debugf("progress dropped reason=%s", closed.getMessage());
    }
  }
}
