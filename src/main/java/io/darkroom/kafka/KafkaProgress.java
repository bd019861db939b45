package io.darkroom.kafka;

import io.darkroom.json.CloudEvent;
import io.darkroom.json.EventCodec;
import io.darkroom.render.JobEvent;
import io.darkroom.render.JobListener;
import io.darkroom.render.Outage;
import io.darkroom.render.Progress;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;
import org.jboss.logging.Logger;

/**
 * Publishes progress events. If the broker is slow and the buffer of the channel is full, further
 * events are dropped.
 */
@Singleton
final class KafkaProgress implements JobListener {
  private static final Logger LOG = Logger.getLogger(KafkaProgress.class);

  private final Emitter<byte[]> channel;
  private final EventCodec codec;
  private final KafkaSettings settings;
  private final Clock clock;
  private final Outage drops;

  @Inject
  KafkaProgress(
      @Channel("progress") @OnOverflow(OnOverflow.Strategy.DROP) Emitter<byte[]> channel,
      EventCodec codec,
      KafkaSettings settings,
      Clock clock,
      LongSupplier nanoClock) {
    this.channel = channel;
    this.codec = codec;
    this.settings = settings;
    this.clock = clock;
    this.drops = new Outage("publishing progress", LOG::warn, nanoClock);
  }

  @Override
  public void happened(JobEvent event) {
    if (event instanceof JobEvent.Started started) {
      started(started.progress());
    } else if (event instanceof JobEvent.Progressed progressed) {
      progressed(progressed.progress());
    }
  }

  private void started(Progress progress) {
    send(
        codec.started(
            progress.requestId(), progress.wanted(), progress.estimatedFinish(), clock.instant()),
        progress);
  }

  private void progressed(Progress progress) {
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
    if (!channel.hasRequests()) {
      drops.failed("the broker does not take it soon enough, progress is dropped");
      return;
    }
    Message<byte[]> message =
        Outgoing.message(event, Outgoing.headers(progress.traceContext(), settings.worker()));
    try {
      channel.send(message.withAck(this::taken).withNack(this::dropped));
    } catch (IllegalStateException closed) {
      drops.failed(String.valueOf(closed.getMessage()));
    }
  }

  private CompletionStage<Void> taken() {
    drops.worked();
    return CompletableFuture.completedFuture(null);
  }

  private CompletionStage<Void> dropped(Throwable failure) {
    drops.failed(failure.getClass().getSimpleName() + ": " + failure.getMessage());
    return CompletableFuture.completedFuture(null);
  }
}
