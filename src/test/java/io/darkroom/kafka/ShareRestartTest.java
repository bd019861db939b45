package io.darkroom.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.darkroom.LocalKafka;
import io.darkroom.LocalStack;
import io.darkroom.render.Delivery;
import io.darkroom.render.Settlement;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A share group whose broker restarts while its workers renew the locks of records. */
class ShareRestartTest {
  private static final Duration SOON = Duration.ofSeconds(90);
  private static final Map<String, Object> SHORT_LOCK =
      Map.of(
          "group.share.min.record.lock.duration.ms", "3000",
          "group.share.record.lock.duration.ms", "3000");

  @TempDir Path folder;

  private final CountDownLatch back = new CountDownLatch(1);

  @Test
  void everyRequestHasAnOutcomeAfterARestartOfTheBroker() throws Exception {
    List<String> ids = IntStream.range(0, 12).mapToObj(i -> "id-" + i).toList();
    LocalKafka before = new LocalKafka(folder, 0, SHORT_LOCK);
    before.createTopics(LocalStack.TOPICS, 1);
    int port = Integer.parseInt(before.bootstrapServers().split(":", 2)[1]);
    try (ShareWorker worker = worker(before);
        Topics topics = new Topics(before.client())) {
      ids.forEach(id -> topics.request("darkroom.requests", id));
      await().atMost(SOON).until(() -> worker.deliveries().size() == ShareWorker.IN_FLIGHT);
      before.close();
      // Renewals, which are due each second, fail.
      Thread.sleep(2000);
      try (LocalKafka after = new LocalKafka(folder, port, SHORT_LOCK)) {
        assertThat(after.bootstrapServers()).isEqualTo(before.bootstrapServers());
        back.countDown();

        await().atMost(SOON).until(() -> topics.all("darkroom.events").keySet().containsAll(ids));
        assertThat(topics.all("darkroom.events")).hasSameSizeAs(ids);
      }
    }
  }

  private ShareWorker worker(LocalKafka kafka) throws Exception {
    return new ShareWorker(
        kafka.client(),
        ShareWorker.settings("worker", "darkroom", LocalStack.TOPIC_NAMES),
        this::settle);
  }

  private Settlement settle(Delivery delivery) {
    Waiting.forLatch(back);
    return RecordingRenderer.outcome(delivery);
  }
}
