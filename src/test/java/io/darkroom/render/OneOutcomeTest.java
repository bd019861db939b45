package io.darkroom.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.job.JobId;
import io.darkroom.job.RenderOutcome;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A request has one outcome, although its record is delivered twice or moves to another worker. */
class OneOutcomeTest {
  @TempDir Path folder;
  private TestWorker darkroom;

  @BeforeEach
  void open() {
    darkroom = TestWorker.formula(folder);
  }

  @AfterEach
  void close() {
    darkroom.close();
  }

  @Test
  void aCancelDoesNotContradictTheResultOfAnotherWorker() {
    RenderOutcome other = darkroom.settle(TestWorker.request("moved")).outcome();
    darkroom.cancellations().cancel(new JobId("moved"), TestWorker.NOW);

    RenderOutcome here =
        darkroom
            .over(new LateStore(darkroom.store()))
            .settle(TestWorker.delivery(TestWorker.request("moved")))
            .outcome();

    assertThat(here)
        .isEqualTo(new RenderOutcome.Completed(((RenderOutcome.Completed) other).manifest(), true));
  }

  @Test
  void aRecordOfALostPartitionHasNoOutcome() {
    Delivery delivery = TestWorker.delivery(TestWorker.request("lost"));
    Delivery lost =
        new Delivery(
            delivery.source(),
            delivery.headers(),
            delivery.body(),
            delivery.published(),
            delivery.received(),
            delivery.attempts(),
            delivery.traceContext(),
            delivery.tenant(),
            new LostLease());

    assertThatThrownBy(() -> darkroom.over(darkroom.store()).settle(lost))
        .isInstanceOf(Lease.Lost.class)
        .hasMessageContaining(TestWorker.SOURCE);
    assertThat(folder.resolve("pictures/renders/lost/manifest.json")).doesNotExist();
  }

  @Test
  void twoSimultaneousCopiesOfARequestAreRenderedOnce() {
    darkroom.settle(TestWorker.request("once"));
    long rowsOfOne = darkroom.rows();
    RenderPipeline pipeline = darkroom.over(darkroom.store());
    List<CompletableFuture<RenderOutcome>> outcomes =
        Stream.of(1, 2)
            .map(
                i ->
                    CompletableFuture.supplyAsync(
                        () ->
                            pipeline
                                .settle(TestWorker.delivery(TestWorker.request("twice")))
                                .outcome(),
                        task -> new Thread(task).start()))
            .toList();

    assertThat(outcomes)
        .extracting(outcome -> ((RenderOutcome.Completed) outcome.join()).reused())
        .containsExactlyInAnyOrder(false, true);
    assertThat(darkroom.rows()).isEqualTo(2 * rowsOfOne);
  }

  /** Lost from the start. */
  private static final class LostLease implements Lease {
    @Override
    public boolean lost() {
      return true;
    }

    @Override
    public void onLost(Runnable action) {
      action.run();
    }
  }

  /** A store in which an object appears after it was looked for once. */
  private static final class LateStore implements ObjectStore {
    private final ObjectStore store;
    private final AtomicInteger looks = new AtomicInteger();

    LateStore(ObjectStore store) {
      this.store = store;
    }

    @Override
    public Optional<byte[]> get(ObjectUri uri, long maxBytes) {
      return looks.incrementAndGet() == 1 ? Optional.empty() : store.get(uri, maxBytes);
    }

    @Override
    public Optional<Beginning> begin(ObjectUri uri, int maxBytes) {
      return store.begin(uri, maxBytes);
    }

    @Override
    public void put(ObjectUri uri, byte[] bytes, String mediaType) {
      store.put(uri, bytes, mediaType);
    }

    @Override
    public boolean putIfAbsent(ObjectUri uri, byte[] bytes, String mediaType) {
      return store.putIfAbsent(uri, bytes, mediaType);
    }

    @Override
    public void delete(ObjectUri uri) {
      store.delete(uri);
    }
  }
}
