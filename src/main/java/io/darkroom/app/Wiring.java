package io.darkroom.app;

import io.darkroom.engine.RenderEngine;
import io.darkroom.json.ControlCodec;
import io.darkroom.json.EventCodec;
import io.darkroom.json.RequestCodec;
import io.darkroom.kafka.KafkaSettings;
import io.darkroom.onnx.NetworkSettings;
import io.darkroom.onnx.Opening;
import io.darkroom.plan.Planner;
import io.darkroom.render.Cancellations;
import io.darkroom.render.ObjectStore;
import io.darkroom.render.ObjectUri;
import io.darkroom.render.RenderSettings;
import io.darkroom.render.RetryPolicy;
import io.darkroom.s3.S3Clients;
import io.darkroom.s3.S3ObjectStore;
import io.darkroom.s3.S3Settings;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Singleton;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;

/** Turns the configuration into the plain objects that the packages are made of. */
final class Wiring {
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  @Produces
  @Singleton
  Clock clock() {
    return Clock.systemUTC();
  }

  @Produces
  @Singleton
  RequestCodec codec(DarkroomConfig config) {
    return new RequestCodec(config.limits().requestBytes());
  }

  @Produces
  @Singleton
  ControlCodec control() {
    return new ControlCodec();
  }

  @Produces
  @Singleton
  Cancellations cancellations(DarkroomConfig config, Clock clock) {
    DarkroomConfig.Cancellations bounds = config.cancellations();
    return new Cancellations(bounds.retention(), bounds.most(), clock);
  }

  @Produces
  @Singleton
  EventCodec events(DarkroomConfig config) {
    return new EventCodec(config.kafka().eventSource());
  }

  @Produces
  @Singleton
  Planner planner(DarkroomConfig config) {
    return new Planner(EngineConfig.requests(config));
  }

  @Produces
  @Singleton
  NetworkSettings networkSettings(DarkroomConfig config) {
    return ModelConfig.networks(config);
  }

  @Produces
  @Singleton
  Opening opening(DarkroomConfig config) {
    return ModelConfig.opening(config);
  }

  @Produces
  @Singleton
  RenderEngine engine(DarkroomConfig config, EngineMeters meters) {
    return new RenderEngine(System::nanoTime, EngineConfig.limits(config), meters);
  }

  @Produces
  @Singleton
  @Typed(S3ObjectStore.class)
  S3ObjectStore objects(DarkroomConfig config) {
    return new S3ObjectStore(S3Clients.open(s3(config.s3())));
  }

  @Produces
  @Singleton
  ObjectStore store(S3ObjectStore objects, MeterRegistry registry) {
    return new MeteredStore(objects, registry);
  }

  private static S3Settings s3(DarkroomConfig.S3 s3) {
    return new S3Settings(
        s3.endpoint(),
        s3.region(),
        s3.pathStyle(),
        s3.accessKeyId()
            .map(
                key ->
                    new S3Settings.Credentials(
                        key, s3.secretAccessKey().orElse(""), s3.sessionToken())),
        s3.caCertificates(),
        s3.timeout(),
        s3.attempts());
  }

  @Produces
  @Singleton
  RenderSettings renderSettings(DarkroomConfig config) {
    ObjectUri prefix = ObjectUri.parse(config.output().prefix());
    Set<String> own = Set.of(prefix.bucket());
    return new RenderSettings(
        prefix,
        config.output().buckets().orElse(own),
        config.input().buckets().orElse(own),
        config.limits().inputBytes(),
        config.limits().inputPixels(),
        config.output().pngLevel(),
        new RetryPolicy(FIRST_PAUSE, LONGEST_PAUSE, config.s3().patience()),
        Version.number());
  }

  @Produces
  @Singleton
  KafkaSettings kafkaSettings(DarkroomConfig config) {
    String worker = ManagementFactory.getRuntimeMXBean().getName();
    return new KafkaSettings(
        config.kafka().inFlight(),
        new RetryPolicy(FIRST_PAUSE, LONGEST_PAUSE, RetryPolicy.UNLIMITED),
        config.kafka().handover(),
        worker,
        config.kafka().controlTopic());
  }
}
