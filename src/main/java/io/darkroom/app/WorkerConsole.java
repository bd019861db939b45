package io.darkroom.app;

import io.darkroom.console.Console;
import io.darkroom.engine.RenderEngine;
import io.darkroom.json.RequestCodec;
import io.darkroom.kafka.KafkaSettings;
import io.darkroom.render.RenderSettings;
import io.darkroom.s3.S3Access;
import io.darkroom.s3.S3ObjectStore;
import io.darkroom.text.Printable;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Opens the console of a worker if it is switched on. Otherwise nothing of the console is created,
 * and its server and board are not loaded.
 */
@Singleton
final class WorkerConsole {
  private static final Logger LOG = Logger.getLogger(WorkerConsole.class);

  private final DarkroomConfig config;
  private final Instance<Parts> parts;
  private Optional<Console> console = Optional.empty();

  @Inject
  WorkerConsole(DarkroomConfig config, Instance<Parts> parts) {
    this.config = config;
    this.parts = parts;
  }

  /** The objects that the console reads, including those of the worker. */
  @Singleton
  static final class Parts {
    private final Worker worker;
    private final Console.Sources sources;
    private final Clock clock;

    @Inject
    Parts(
        Worker worker,
        RenderEngine engine,
        MeterRegistry registry,
        @Identifier("default-kafka-broker") Map<String, Object> broker,
        KafkaSettings kafka,
        RenderSettings render,
        S3Access store,
        RequestCodec codec,
        Clock clock) {
      this.worker = worker;
      this.clock = clock;
      this.sources =
          new Console.Sources(
              broker,
              kafka.topics(),
              kafka.group(),
              kafka.consumption(),
              // The console bypasses the worker's health checks and metrics of the store, which are
              // about renders.
              new S3ObjectStore(store),
              render.defaultPrefix(),
              codec,
              new WorkerVitals(worker, engine, registry),
              Version.number());
    }
  }

  /** Starts the console after the worker has checked the configuration. */
  void start(@Observes @Priority(Interceptor.Priority.LIBRARY_AFTER) StartupEvent event) {
    if (config.console().enabled()) {
      open(parts.get());
    }
  }

  private void open(Parts from) {
    if (from.worker.failure().isPresent()) {
      return;
    }
    try {
      Console opened = Console.open(Configured.console(config), from.sources, from.clock);
      console = Optional.of(opened);
      LOG.infof("console address=%s submit=%s", opened.address(), config.console().submit());
    } catch (IOException | RuntimeException failed) { // the worker continues without the console
      LOG.errorf(
          "console not opened reason=%s", Printable.logValue(String.valueOf(failed.getMessage())));
    }
  }

  void stop(@Observes ShutdownEvent event) {
    console.ifPresent(Console::close);
  }
}
