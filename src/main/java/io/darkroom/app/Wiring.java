package io.darkroom.app;

import io.darkroom.app.metrics.EngineMeters;
import io.darkroom.app.metrics.MeteredStore;
import io.darkroom.app.metrics.ModelGauges;
import io.darkroom.app.models.ModelFolders;
import io.darkroom.app.models.OnDemandModels;
import io.darkroom.engine.EngineLimits;
import io.darkroom.engine.NoiseThreads;
import io.darkroom.engine.RenderEngine;
import io.darkroom.json.ControlCodec;
import io.darkroom.json.EventCodec;
import io.darkroom.json.RequestCodec;
import io.darkroom.kafka.KafkaSettings;
import io.darkroom.plan.Planner;
import io.darkroom.render.Cancellations;
import io.darkroom.render.ObjectStore;
import io.darkroom.render.ObjectUri;
import io.darkroom.render.RenderSettings;
import io.darkroom.render.RetryPolicy;
import io.darkroom.s3.PermissionCheck;
import io.darkroom.s3.Presigner;
import io.darkroom.s3.S3Access;
import io.darkroom.s3.S3Clients;
import io.darkroom.s3.S3ObjectStore;
import io.darkroom.s3.S3Objects;
import io.darkroom.s3.S3Options;
import io.darkroom.s3.S3Settings;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/** Creates the beans of the packages that do not depend on Quarkus. */
final class Wiring {
  private static final Logger DOWNLOADS = Logger.getLogger(ModelFolders.class);

  @Produces
  @Singleton
  Clock clock() {
    return Clock.systemUTC();
  }

  /** The monotonic clock of all time-outs and intervals. */
  @Produces
  @Singleton
  LongSupplier nanoClock() {
    return System::nanoTime;
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
  EventCodec events(DarkroomConfig config, S3Access access) {
    return new EventCodec(
        config.kafka().eventSource(),
        config.output().presigned().map(valid -> signing(config, access, valid)));
  }

  private static EventCodec.Signing signing(
      DarkroomConfig config, S3Access access, Duration valid) {
    Presigner presigner = new Presigner(Configured.s3(config.s3()), access, valid);
    return new EventCodec.Signing(uri -> presigner.address(ObjectUri.parse(uri)), valid);
  }

  @Produces
  @Singleton
  Planner planner(DarkroomConfig config) {
    return new Planner(Configured.requestLimits(config));
  }

  @Produces
  @Singleton
  EngineLimits engineLimits(DarkroomConfig config) {
    return Configured.engineLimits(config);
  }

  @Produces
  @Singleton
  RenderEngine engine(EngineLimits limits, EngineMeters meters, LongSupplier nanoClock) {
    return new RenderEngine(nanoClock, limits, meters, NoiseThreads.start());
  }

  @Produces
  @Singleton
  ModelLoading loading(RenderEngine engine, DarkroomConfig config) {
    return new ModelLoading(engine, Configured.networks(config), Configured.opening(config));
  }

  /**
   * The packages of the worker. An unreachable store is waited for; a file that cannot be read for
   * as long as results are kept makes its package broken.
   */
  @Produces
  @Singleton
  ModelFolders modelFolders(
      DarkroomConfig config, S3Access access, Clock clock, LongSupplier nanoClock) {
    return new ModelFolders(
        () -> new S3Objects(access),
        Configured.buckets(config, RetryPolicy.UNLIMITED, config.s3().retryTimeout()),
        clock,
        nanoClock,
        new ModelFolders.Report(DOWNLOADS::info, DOWNLOADS::warn));
  }

  /**
   * The packages on demand. A prefix that cannot be listed fails the requests that wait for it, and
   * they are tried again; a download is continued for as long as results are kept.
   */
  @Produces
  @Singleton
  OnDemandModels onDemand(
      DarkroomConfig config,
      S3Access access,
      ModelLoading loading,
      RenderEngine engine,
      ModelGauges gauges,
      Clock clock,
      LongSupplier nanoClock) {
    return new OnDemandModels(
        Configured.onDemand(config),
        new S3Objects(access),
        Configured.buckets(config, Duration.ZERO, config.s3().retryTimeout()),
        new OnDemandLoading(loading, engine, gauges),
        clock,
        nanoClock,
        new ModelFolders.Report(DOWNLOADS::info, DOWNLOADS::warn));
  }

  @Produces
  @Singleton
  S3Access access(DarkroomConfig config) {
    DarkroomConfig.S3 s3 = config.s3();
    if (StartCheck.s3(s3).isPresent()) {
      // The start check ends the worker later, but its beans are created before that.
      return new S3Access(S3Clients.open(Configured.unauthorizedS3(s3)), S3Options.DEFAULT);
    }
    S3Settings settings = Configured.s3(s3);
    S3Options options = Configured.s3Options(s3);
    return s3.pathStyle().isPresent()
        ? new S3Access(S3Clients.open(settings), options)
        : S3Access.detectingPathStyle(settings, options);
  }

  @Produces
  @Singleton
  PermissionCheck permissions(S3Access access, DarkroomConfig config) {
    return new PermissionCheck(access, ObjectUri.parse(config.output().prefix()));
  }

  @Produces
  @Singleton
  ObjectStore store(S3Access access, StoreProbe probe, MeterRegistry registry) {
    return new MeteredStore(new ProbedStore(new S3ObjectStore(access), probe), registry);
  }

  @Produces
  @Singleton
  RenderSettings renderSettings(DarkroomConfig config) {
    return Configured.render(config);
  }

  @Produces
  @Singleton
  KafkaSettings kafkaSettings(DarkroomConfig config) {
    return Configured.kafka(config);
  }
}
