package io.darkroom.console;

import io.darkroom.LocalStack;
import io.darkroom.json.RequestCodec;
import io.darkroom.kafka.Consumption;
import io.darkroom.render.ObjectUri;
import io.darkroom.s3.S3Access;
import io.darkroom.s3.S3Clients;
import io.darkroom.s3.S3ObjectStore;
import io.darkroom.s3.S3Options;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Measures a console with 1,000 running requests that each complete a step every second: the
 * updates that a reader receives, the time of the server for each, and the heap. The broker is
 * real; the requests are records, and no worker renders them.
 */
public final class ConsoleBench {
  private static final int REQUESTS = 1000;
  private static final int STEPS = 1000;
  private static final int SECONDS_PER_FIGURE = 60;

  private final Duration time;

  public ConsoleBench(Duration time) {
    this.time = time;
  }

  /** Returns the figures of each minute. */
  @SuppressWarnings("FutureReturnValueIgnored") // a record that is lost does not change the figures
  public List<ConsoleFigure> measure() throws Exception {
    Path folder = Files.createTempDirectory("console-bench");
    List<ConsoleFigure> figures = new ArrayList<>();
    try (LocalStack stack = LocalStack.start(folder);
        S3Client client = S3Clients.open(stack.s3().settings());
        Console console = open(stack, client);
        var producer =
            new KafkaProducer<>(
                stack.kafka().client(), new ByteArraySerializer(), new ByteArraySerializer())) {
      Reader reader = new Reader(console.address());
      ServerTimes times = new ServerTimes(console.updates());
      System.out.println("console at " + console.address());
      for (int request = 0; request < REQUESTS; request++) {
        producer.send(record("darkroom.requests", "", request, request(request)));
      }
      for (int second = 1; second <= time.toSeconds(); second++) {
        long begin = System.nanoTime();
        for (int request = 0; request < REQUESTS; request++) {
          producer.send(record("darkroom.progress", "progressed", request, progress(second)));
        }
        times.update();
        Thread.sleep(Math.max(0, 1000 - (System.nanoTime() - begin) / 1_000_000));
        times.update();
        if (second % SECONDS_PER_FIGURE == 0 || second == time.toSeconds()) {
          figures.add(reader.figure(second, times));
        }
      }
    }
    return figures;
  }

  private static Console open(LocalStack stack, S3Client client) throws Exception {
    ConsoleSettings settings =
        new ConsoleSettings(
            "127.0.0.1",
            0,
            Optional.empty(),
            false,
            Optional.empty(),
            Set.of(LocalStack.BUCKET),
            Duration.ofDays(1),
            2000,
            List.of());
    Console.Sources sources =
        new Console.Sources(
            stack.kafka().client(),
            LocalStack.TOPIC_NAMES,
            "darkroom",
            Consumption.CONSUMER_GROUP,
            new S3ObjectStore(new S3Access(client, S3Options.DEFAULT)),
            ObjectUri.parse("s3://darkroom/renders/"),
            new RequestCodec(RequestCodec.DEFAULT_MAX_BYTES),
            Vitals.NONE,
            "bench");
    return Console.open(settings, sources, Clock.systemUTC());
  }

  private static ProducerRecord<byte[], byte[]> record(
      String topic, String what, int request, String body) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(topic, null, utf8("load-" + request), utf8(body));
    if (!what.isEmpty()) {
      Map.of("ce_type", "io.darkroom.render." + what + ".v1", "ce_subject", "load-" + request)
          .forEach((name, value) -> record.headers().add(name, utf8(value)));
    }
    return record;
  }

  private static String request(int request) {
    return ("{\"id\":\"load-%d\",\"kind\":\"generate\",\"model\":\"emoji-64\",\"prompt\":\"a fox in"
            + " the snow, number %d\",\"num_inference_steps\":1000}")
        .formatted(request, request);
  }

  private static String progress(int done) {
    return "{\"evaluations_done\":%d,\"evaluations_wanted\":%d}".formatted(done, STEPS);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static double heapMebibytes() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1048576.0;
  }

  /** Times of the server for the updates of another reader, since the last figure. */
  private static final class ServerTimes {
    private final LiveUpdates updates;
    private final List<Double> millis = new ArrayList<>();
    private double most;

    ServerTimes(LiveUpdates updates) {
      this.updates = updates;
    }

    void update() {
      long begin = System.nanoTime();
      int size = updates.next().map(update -> ConsoleHandler.event(update).length).orElse(0);
      double time = (System.nanoTime() - begin) / 1e6;
      if (size > 0) {
        millis.add(time);
        most = Math.max(most, time);
      }
    }

    double most() {
      double result = most;
      most = 0;
      return result;
    }

    double mean() {
      double mean = millis.stream().mapToDouble(Double::doubleValue).average().orElse(0);
      millis.clear();
      return mean;
    }
  }

  /** A reader of the live page. */
  private static final class Reader {
    private final AtomicLong updates = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();

    private final URI live;

    Reader(String address) {
      this.live = URI.create(address).resolve("api/live");
      connect();
    }

    /** Connects; the server ends an answer after ten minutes, and browsers connect again too. */
    private void connect() {
      var unused =
          HttpClient.newHttpClient()
              .sendAsync(
                  HttpRequest.newBuilder(live).build(),
                  HttpResponse.BodyHandlers.fromLineSubscriber(
                      new Flow.Subscriber<String>() {
                        @Override
                        public void onSubscribe(Flow.Subscription lines) {
                          lines.request(Long.MAX_VALUE);
                        }

                        @Override
                        public void onNext(String line) {
                          updates.addAndGet(line.startsWith("data: ") ? 1 : 0);
                          bytes.addAndGet(line.length());
                        }

                        @Override
                        public void onError(Throwable failure) {
                          connect();
                        }

                        @Override
                        public void onComplete() {
                          connect();
                        }
                      }));
    }

    /** Returns the figures since the last call. */
    ConsoleFigure figure(int second, ServerTimes times) {
      long count = updates.getAndSet(0);
      long size = bytes.getAndSet(0);
      double kilobytes = count == 0 ? 0 : size / 1000.0 / count;
      return new ConsoleFigure(
          second / 60.0, (int) count, kilobytes, times.mean(), times.most(), heapMebibytes());
    }
  }
}
