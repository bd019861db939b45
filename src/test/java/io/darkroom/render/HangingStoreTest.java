package io.darkroom.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.job.RenderOutcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that the engine does not wait for the store: a hanging store blocks the threads that write
 * to it, one for each request, but no slot and not the loop.
 */
class HangingStoreTest {
  private static final int STUCK = 20;

  @TempDir Path folder;

  /** Writes that end when the test allows it. */
  private static final class HangingStore implements ObjectStore {
    private final ObjectStore sound;
    private final CountDownLatch begun = new CountDownLatch(STUCK);
    private final CountDownLatch open = new CountDownLatch(1);
    private final Set<String> threads = ConcurrentHashMap.newKeySet();

    private final String hanging;

    /**
     * @param hanging a part of the addresses whose writes hang
     */
    HangingStore(ObjectStore sound, String hanging) {
      this.sound = sound;
      this.hanging = hanging;
    }

    @Override
    public Optional<byte[]> get(ObjectUri uri, long maxBytes) {
      threads.add(Thread.currentThread().getName());
      return sound.get(uri, maxBytes);
    }

    @Override
    public Optional<Beginning> begin(ObjectUri uri, int maxBytes) {
      return sound.begin(uri, maxBytes);
    }

    @Override
    public void put(ObjectUri uri, byte[] bytes, String mediaType) {
      threads.add(Thread.currentThread().getName());
      if (uri.key().contains(hanging)) {
        hang();
      }
      sound.put(uri, bytes, mediaType);
    }

    private void hang() {
      begun.countDown();
      try {
        open.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }

    @Override
    public boolean putIfAbsent(ObjectUri uri, byte[] bytes, String mediaType) {
      threads.add(Thread.currentThread().getName());
      return sound.putIfAbsent(uri, bytes, mediaType);
    }

    @Override
    public void delete(ObjectUri uri) {
      sound.delete(uri);
    }
  }

  @Test
  @Timeout(120)
  void aHangingStoreDoesNotBlockSlotsOrTheLoop() throws Exception {
    ExecutorService requests = Executors.newFixedThreadPool(STUCK);
    try (TestWorker darkroom = TestWorker.formula(folder)) {
      HangingStore store = new HangingStore(darkroom.store(), "/");
      RenderPipeline pipeline = darkroom.over(store);
      List<Future<Settlement>> stuck = new ArrayList<>();
      for (int i = 0; i < STUCK; i++) {
        Delivery delivery = TestWorker.delivery(TestWorker.request("stuck-" + i));
        stuck.add(requests.submit(() -> pipeline.settle(delivery)));
      }
      store.begun.await();
      assertThat(STUCK).as("more than there are slots").isGreaterThan(TestWorker.SLOTS);
      long rows = darkroom.rows();

      assertThat(darkroom.settle(TestWorker.request("other")).outcome())
          .isInstanceOf(RenderOutcome.Completed.class);

      assertThat(darkroom.rows()).isGreaterThan(rows);
      assertThat(stuck).noneMatch(Future::isDone);
      store.open.countDown();
      for (Future<Settlement> each : stuck) {
        assertThat(each.get().outcome()).isInstanceOf(RenderOutcome.Completed.class);
      }
      assertThat(store.threads).hasSize(STUCK).doesNotContain("engine");
    } finally {
      requests.shutdownNow();
    }
  }

  @Test
  @Timeout(120)
  void aHangingStoreBlocksPreviewsAndNoRender() {
    Set<JobEvent.PreviewFate> fates = ConcurrentHashMap.newKeySet();
    try (TestWorker darkroom = TestWorker.formula(folder)) {
      HangingStore store = new HangingStore(new MemoryStore(), "/previews/");
      RenderPipeline pipeline = darkroom.over(store, TestWorker.previews(fates::add));
      int rendered = 0;
      while (store.begun.getCount() == STUCK) {
        render(pipeline, rendered++);
      }

      for (int i = 0; i < STUCK; i++) {
        render(pipeline, rendered++);
      }

      assertThat(store.begun.getCount()).as("writes but one").isEqualTo(STUCK - 1);
      assertThat(store.threads).contains("previews").doesNotContain("engine");
      assertThat(fates)
          .contains(JobEvent.PreviewFate.LATE)
          .doesNotContain(JobEvent.PreviewFate.PUBLISHED);
      store.open.countDown();
    }
  }

  private static void render(RenderPipeline pipeline, int i) {
    String request = TestWorker.request("shown-" + i).replace("}", ",'preview_every':1}");
    assertThat(pipeline.settle(TestWorker.delivery(request)).outcome())
        .isInstanceOf(RenderOutcome.Completed.class);
  }
}
