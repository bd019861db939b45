package io.darkroom.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.darkroom.LocalS3;
import io.darkroom.LocalStack;
import io.darkroom.demo.DemoEnvironment;
import io.darkroom.onnx.TrivialPackage;
import io.darkroom.render.ObjectUri;
import io.darkroom.s3.S3Clients;
import io.darkroom.s3.S3ObjectStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Measures messages per second from end to end, through the packaged worker with a trivial network
 * and through hand-written loops, alternately on the same broker and store.
 */
final class MessageBench {
  private static final String READY = "consuming requests";
  private static final String ONE = "plain loop";
  private static final String MANY = "plain loop, 8 threads";
  private static final int THREADS = 8;
  private static final int MAX_BYTES = 1 << 20;
  private static final int WARM_UP_ROUNDS = 4;

  private final Path worker;
  private final MeasuringTime measuringTime;
  private final Path folder;
  private int published;

  /** A program that processes messages. */
  private record Side(Child child, RequestPublisher line, List<Round> rounds) {}

  private record Round(double perSecond, double cpuMillis) {}

  MessageBench(Path worker, MeasuringTime measuringTime, Path folder) {
    this.worker = worker;
    this.measuringTime = measuringTime;
    this.folder = folder;
  }

  List<MessageFigure> measure() throws Exception {
    Files.createDirectories(folder);
    try (LocalStack stack = LocalStack.start(folder.resolve("stack"))) {
      Map<String, Side> lanes = new LinkedHashMap<>();
      try {
        lanes.put("worker", worker(stack));
        sample(stack, lanes.get("worker").line());
        lanes.put(ONE, loop(stack, "one", 1));
        lanes.put(MANY, loop(stack, "many", THREADS));
        measure(lanes);
      } finally {
        lanes.values().forEach(MessageBench::close);
      }
      return lanes.entrySet().stream().map(lane -> figure(lane.getKey(), lanes)).toList();
    }
  }

  private void measure(Map<String, Side> lanes) throws Exception {
    for (int round = 0; round < measuringTime.rounds() + WARM_UP_ROUNDS; round++) {
      for (Side lane : lanes.values()) {
        lane.rounds().add(round(lane));
      }
    }
    lanes.values().forEach(lane -> lane.rounds().subList(0, WARM_UP_ROUNDS).clear());
  }

  private Side worker(LocalStack stack) throws Exception {
    Path models = TrivialPackage.write(folder.resolve("models/trivial"));
    List<String> arguments =
        List.of("-Djava.awt.headless=true", "-jar", worker.resolve("quarkus-run.jar").toString());
    RequestPublisher line =
        new RequestPublisher(
            stack.kafka().bootstrapServers(), "darkroom.requests", "darkroom.events");
    Map<String, String> environment = new DemoEnvironment(stack, 0).environment(models.toString());
    Child child = Child.start(arguments, environment, folder.resolve("worker.log"), List.of(READY));
    child.reached(READY);
    return new Side(child, line, new ArrayList<>());
  }

  /** One render, whose objects and event the loops write. */
  private void sample(LocalStack stack, RequestPublisher line) throws Exception {
    line.publish("sample", request("sample"));
    line.flush();
    byte[] event = line.await(1);
    JsonNode output = new ObjectMapper().readTree(event).path("outputs").get(0);
    ObjectUri picture = ObjectUri.parse(output.path("uri").asText());
    ObjectUri manifest = ObjectUri.parse("s3://darkroom/renders/sample/manifest.json");
    try (S3Client client = S3Clients.open(stack.s3().settings())) {
      S3ObjectStore store = new S3ObjectStore(client);
      Files.write(folder.resolve("picture"), store.get(picture, MAX_BYTES).orElseThrow());
      Files.write(folder.resolve("manifest"), store.get(manifest, MAX_BYTES).orElseThrow());
      Files.write(folder.resolve("event"), event);
    }
  }

  private Side loop(LocalStack stack, String name, int threads) throws Exception {
    stack.kafka().createTopics(PlainLoop.topics(name), 2);
    List<String> arguments =
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            PlainLoop.class.getName(),
            name,
            Integer.toString(threads),
            stack.kafka().bootstrapServers(),
            stack.s3().endpoint().toString(),
            stack.s3().settings().region(),
            LocalS3.KEYS.accessKeyId(),
            LocalS3.KEYS.secretAccessKey(),
            folder.toString());
    List<String> topics = PlainLoop.topics(name);
    RequestPublisher line =
        new RequestPublisher(stack.kafka().bootstrapServers(), topics.get(0), topics.get(1));
    Path log = folder.resolve(name + ".log");
    Child child = Child.start(arguments, Map.of(), log, List.of(PlainLoop.READY));
    child.reached(PlainLoop.READY);
    return new Side(child, line, new ArrayList<>());
  }

  private Round round(Side lane) throws Exception {
    long cpu = lane.child().cpu().toNanos();
    long begin = System.nanoTime();
    for (int i = 0; i < measuringTime.requests(); i++) {
      String id = "message-" + published++;
      lane.line().publish(id, request(id));
    }
    lane.line().flush();
    lane.line().await(measuringTime.requests());
    double seconds = (System.nanoTime() - begin) / 1e9;
    double cpuMillis = (lane.child().cpu().toNanos() - cpu) / 1e6;
    return new Round(measuringTime.requests() / seconds, cpuMillis / measuringTime.requests());
  }

  private static String request(String id) {
    return """
        {"id": "%s", "kind": "generate", "model": "trivial", "num_inference_steps": 1, "seed": 1}
        """
        .formatted(id);
  }

  private MessageFigure figure(String program, Map<String, Side> lanes) {
    List<Round> own = lanes.get(program).rounds();
    List<Round> plain = lanes.get(ONE).rounds();
    double[] ratios = new double[own.size()];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = own.get(i).perSecond() / plain.get(i).perSecond();
    }
    return new MessageFigure(
        program,
        own.size(),
        measuringTime.requests(),
        Meter.median(own.stream().mapToDouble(Round::perSecond).toArray()),
        Meter.median(own.stream().mapToDouble(Round::cpuMillis).toArray()),
        Meter.median(ratios));
  }

  private static void close(Side lane) {
    lane.line().close();
    lane.child().close();
  }
}
