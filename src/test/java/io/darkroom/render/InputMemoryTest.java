package io.darkroom.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.engine.EngineLimits;
import io.darkroom.engine.ModelMemory;
import io.darkroom.image.Pixels;
import io.darkroom.image.PngWriter;
import io.darkroom.job.ErrorClass;
import io.darkroom.job.Problem;
import io.darkroom.job.RenderOutcome;
import io.darkroom.job.Size;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that pictures of requests are read only within the available memory. */
class InputMemoryTest {
  private static final ObjectUri SOURCE = ObjectUri.parse("s3://sources/a.png");

  @TempDir Path folder;

  /** Counts whole objects that are read. */
  private record Watched(ObjectStore store, AtomicInteger reads) implements ObjectStore {
    @Override
    public Optional<byte[]> get(ObjectUri uri, long maxBytes) {
      if (uri.equals(SOURCE)) {
        reads.incrementAndGet();
      }
      return store.get(uri, maxBytes);
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

  private static String upscale(String id) {
    return "{'id':'%s','kind':'upscale','model':'emoji-sr4','num_inference_steps':1,".formatted(id)
        + "'image':{'uri':'s3://sources/a.png'}}";
  }

  private static byte[] png(int width, int height) {
    return PngWriter.write(
        new Pixels(width, height, 3, new byte[width * height * 3]), List.of(), 9);
  }

  private static Problem failed(Settlement settled) {
    return ((RenderOutcome.Failed) settled.outcome()).problem();
  }

  @Test
  void aPictureWhoseHeaderIsRefusedIsNotFetched() {
    try (TestWorker darkroom = new TestWorker(folder, "emoji-sr4")) {
      byte[] file = png(8, 8);
      ByteBuffer.wrap(file).putInt(16, 50_000).putInt(20, 50_000);
      Watched watched = new Watched(darkroom.store(), new AtomicInteger());
      for (byte[] each :
          List.of(file, new byte[20_001], "no picture".getBytes(StandardCharsets.US_ASCII))) {
        darkroom.store().put(SOURCE, each, "image/png");
        Problem problem =
            failed(darkroom.over(watched).settle(TestWorker.delivery(upscale("large"))));
        assertThat(problem.kind()).isEqualTo(ErrorClass.INPUT);
      }
      assertThat(watched.reads()).hasValue(0);
    }
  }

  @Test
  void anUpscaleThatCannotFitIsRefusedBeforeItsPictureIsFetched() {
    try (TestWorker darkroom = new TestWorker(folder, "emoji-sr4")) {
      darkroom.store().put(SOURCE, png(64, 64), "image/png");
      Watched watched = new Watched(darkroom.store(), new AtomicInteger());
      // 5 arrays of 3 x 256 x 256, the small picture enlarged, the result; then the result again.
      long needed = 4 * (8 * 3 * 256 * 256 + 3 * 64 * 64);
      Problem problem =
          failed(darkroom.over(watched, needed - 1).settle(TestWorker.delivery(upscale("large"))));
      assertThat(problem.kind()).isEqualTo(ErrorClass.CAPACITY);
      assertThat(problem.message())
          .isEqualTo(
              "/image: bytes of the Java heap for one running image and all finished images:"
                  + " must be at most %d, are %d",
              needed - 1, needed);
      assertThat(watched.reads()).hasValue(0);
      assertThat(
              darkroom.over(watched, needed).settle(TestWorker.delivery(upscale("fits"))).outcome())
          .isInstanceOf(RenderOutcome.Completed.class);
      assertThat(watched.reads()).hasValue(1);
    }
  }

  @Test
  void picturesThatDoNotFitTogetherAreReadInTurn() throws Exception {
    // Reading takes 4 times the file, 28 bytes a pixel, half a megabyte: no room for two of them.
    EngineLimits limits =
        new EngineLimits(8, Duration.ofSeconds(30), ModelMemory.UNLIMITED, 1_000_000);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try (TestWorker darkroom = new TestWorker(folder, limits, "emoji-sr4")) {
      darkroom.store().put(SOURCE, png(8, 8), "image/png");
      List<CompletableFuture<Settlement>> settled = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        String request = upscale("other-" + i);
        settled.add(CompletableFuture.supplyAsync(() -> darkroom.settle(request), threads));
      }
      for (CompletableFuture<Settlement> each : settled) {
        assertThat(each.join().outcome()).isInstanceOf(RenderOutcome.Completed.class);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void anUnreadablePictureReleasesItsMemory() {
    EngineLimits limits =
        new EngineLimits(8, Duration.ofSeconds(30), ModelMemory.UNLIMITED, 1_000_000);
    try (TestWorker darkroom = new TestWorker(folder, limits, "emoji-sr4")) {
      byte[] file = png(8, 8);
      byte[] broken = file.clone();
      broken[broken.length - 20] ^= 1;
      for (int i = 0; i < 5; i++) {
        darkroom.store().put(SOURCE, broken, "image/png");
        assertThat(failed(darkroom.settle(upscale("broken"))).kind()).isEqualTo(ErrorClass.INPUT);
        darkroom.store().put(SOURCE, file, "image/png");
        assertThat(darkroom.settle(upscale("sound-" + i)).outcome())
            .isInstanceOf(RenderOutcome.Completed.class);
      }
    }
  }

  @Test
  void aPictureWithItsOrientationAtTheEndIsReadUpright() throws Exception {
    byte[] file = png(12, 8);
    byte[] end = Arrays.copyOfRange(file, file.length - 12, file.length);
    ByteArrayOutputStream turned = new ByteArrayOutputStream();
    turned.write(file, 0, file.length - 12);
    turned.writeBytes(exifChunk(6));
    turned.writeBytes(end);
    try (TestWorker darkroom = new TestWorker(folder, "emoji-sr4")) {
      darkroom.store().put(SOURCE, turned.toByteArray(), "image/png");
      RenderOutcome outcome = darkroom.settle(upscale("turned")).outcome();
      assertThat(((RenderOutcome.Completed) outcome).manifest().outputs())
          .singleElement()
          .satisfies(
              output -> {
                assertThat(output.size()).contains(new Size(32, 48));
                assertThat(output.shape()).containsExactly(3, 48, 32);
              });
    }
  }

  private static byte[] exifChunk(int orientation) {
    ByteBuffer typed =
        ByteBuffer.allocate(4 + 22)
            .put(new byte[] {'e', 'X', 'I', 'f', 'M', 'M', 0, 42})
            .putInt(8)
            .putShort((short) 1)
            .putShort((short) 0x0112)
            .putShort((short) 3)
            .putInt(1)
            .putShort((short) orientation)
            .putShort((short) 0);
    CRC32 crc = new CRC32();
    crc.update(typed.array());
    return ByteBuffer.allocate(typed.capacity() + 8)
        .putInt(typed.capacity() - 4)
        .put(typed.array())
        .putInt((int) crc.getValue())
        .array();
  }
}
