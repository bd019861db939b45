package io.darkroom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.darkroom.demo.DemoEnvironment;
import io.darkroom.demo.WorkerProcess;
import io.darkroom.image.Pixels;
import io.darkroom.image.PngWriter;
import io.darkroom.kafka.Topics;
import io.darkroom.render.ObjectUri;
import io.darkroom.s3.S3Clients;
import io.darkroom.s3.S3ObjectStore;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Tests that a worker with 256 MB of heap refuses requests that do not fit and renders those that
 * fit.
 */
class SmallHeapIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path JAR = Path.of(System.getProperty("darkroom.jar"));
  private static final Duration TIMEOUT = Duration.ofMinutes(5);
  private static final int EACH = 12;
  private static final int FILE = 30_000_000;

  /** Offset of the width in a PNG file, and end of its header. */
  private static final int WIDTH = 16;

  private static final int HEADER_END = 33;

  @TempDir Path folder;

  @Test
  void aRequestThatDoesNotFitIsRefusedAndTheNextOneIsRendered() throws Exception {
    try (LocalStack stack = LocalStack.start(folder.resolve("stack"));
        Topics topics = new Topics(stack.kafka().bootstrapServers());
        S3Client client = S3Clients.open(stack.s3().settings())) {
      store(new S3ObjectStore(client));
      Map<String, String> environment =
          new HashMap<>(new DemoEnvironment(stack, 0).environment("src/main/models"));
      environment.put("JAVA_TOOL_OPTIONS", "-Xmx256m");
      Map<String, String> expected = publish(topics);
      try (WorkerProcess worker = WorkerProcess.start(JAR, environment, folder.resolve("log"))) {
        await()
            .pollInterval(Duration.ofSeconds(1))
            .atMost(TIMEOUT)
            .until(() -> !worker.alive() || outcomes(topics).size() == expected.size());
        assertThat(worker.alive()).isTrue();
      }
      assertThat(outcomes(topics)).isEqualTo(expected);
      assertThat(Files.readString(folder.resolve("log"))).doesNotContain("OutOfMemoryError");
    }
  }

  private static void store(S3ObjectStore store) {
    store.put(uri("512"), png(512), "image/png");
    store.put(uri("128"), png(128), "image/png");
    store.put(uri("long"), lengthened(png(8)), "image/png");
    byte[] huge = lengthened(png(8));
    ByteBuffer.wrap(huge).putInt(WIDTH, 20_000).putInt(WIDTH + Integer.BYTES, 20_000);
    store.put(uri("huge"), huge, "image/png");
  }

  private static Map<String, String> publish(Topics topics) {
    Map<String, String> expected = new TreeMap<>();
    String order3 = ", \"scheduler\": {\"_class_name\": \"unipc\", \"solver_order\": 3}";
    expected.put(upscale(topics, "arrays", "512", order3), "failed capacity");
    expected.put(upscale(topics, "images", "128", ", \"num_images\": 64"), "failed capacity");
    for (int i = 0; i < EACH; i++) {
      expected.put(upscale(topics, "huge-" + i, "huge", ""), "failed input");
      expected.put(upscale(topics, "long-" + i, "long", ""), "completed");
    }
    expected.put(upscale(topics, "fits", "128", order3), "completed");
    return expected;
  }

  private static String upscale(Topics topics, String id, String source, String more) {
    String request =
        """
        {"id": "%s", "kind": "upscale", "model": "emoji-sr4", "num_inference_steps": 4,
         "image": {"uri": "%s"}%s}
        """
            .formatted(id, uri(source), more);
    topics.request(0, id, request, Map.of());
    return id;
  }

  private static ObjectUri uri(String name) {
    return new ObjectUri(LocalStack.BUCKET, "sources/" + name + ".png");
  }

  /** Outcomes of requests: the last part of the event type, and the class of the error. */
  private static Map<String, String> outcomes(Topics topics) throws Exception {
    Map<String, String> outcomes = new TreeMap<>();
    for (Map.Entry<String, List<ConsumerRecord<byte[], byte[]>>> each :
        topics.all("darkroom.events").entrySet()) {
      ConsumerRecord<byte[], byte[]> event = each.getValue().get(0);
      JsonNode data = JSON.readTree(event.value());
      String type = Topics.headers(event).get("ce_type").split("\\.", -1)[3];
      outcomes.put(each.getKey(), (type + " " + data.at("/error/class").asText()).trim());
    }
    return outcomes;
  }

  private static byte[] png(int side) {
    return PngWriter.write(new Pixels(side, side, 3, new byte[3 * side * side]), List.of(), 9);
  }

  /** Returns the same picture in a file of 30 MB, with a chunk that readers ignore. */
  private static byte[] lengthened(byte[] png) {
    ByteBuffer chunk = ByteBuffer.allocate(FILE + 12).putInt(FILE);
    chunk.put("stUf".getBytes(StandardCharsets.US_ASCII)).position(FILE + 8);
    CRC32 crc = new CRC32();
    crc.update(chunk.array(), 4, FILE + 4);
    chunk.putInt((int) crc.getValue());
    ByteArrayOutputStream out = new ByteArrayOutputStream(png.length + FILE + 12);
    out.write(png, 0, HEADER_END);
    out.writeBytes(chunk.array());
    out.writeBytes(Arrays.copyOfRange(png, HEADER_END, png.length));
    return out.toByteArray();
  }
}
