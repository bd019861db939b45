package io.darkroom.kafka;

import io.darkroom.json.CloudEvent;
import io.darkroom.json.EventCodec;
import io.darkroom.render.Progress;
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
  public void started(Progress progress) {
    send(
        codec.started(
            progress.requestId(), progress.wanted(), progress.estimatedFinish(), clock.instant()),
        progress);
  }

  @Override
  public void progressed(Progress progress) {
    EventCodec.Evaluations evaluations =
        new EventCodec.Evaluations(progress.done(), progress.wanted());
    send(
        codec.progressed(
            progress.requestId(),
            evaluations,
            progress.estimatedFinish(),
            progress.preview(),
            clock.instant()),
        progress);
  }

  private void send(CloudEvent event, Progress progress) {
    RecordHeaders headers = new RecordHeaders();
    progress.traceContext().forEach((name, value) -> headers.add(name, Outgoing.utf8(value)));
    try {
      channel.send(Outgoing.message(event, headers));
    } catch (IllegalStateException closed) {
      LOG.debugf("progress dropped reason=%s", closed.getMessage());
    }
  }
}
