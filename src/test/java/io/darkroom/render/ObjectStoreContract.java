package io.darkroom.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract of every {@link ObjectStore}. Each test uses different names in one bucket. */
public abstract class ObjectStoreContract {
  private static final int WRITERS = 8;
  private static final String TYPE = "application/octet-stream";

  /** The store under test. */
  protected abstract ObjectStore store();

  /** Returns an existing bucket. */
  protected abstract String bucket();

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1000, 300_000})
  public void aWrittenObjectIsReadBack(int length) {
    ObjectUri uri = uri("sizes/" + length);
    byte[] bytes = random(length);

    store().put(uri, bytes, TYPE);

    assertThat(store().get(uri, length)).hasValueSatisfying(b -> assertThat(b).isEqualTo(bytes));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a b.png", "é/ü.png", "a+b%20c.png", "q?x=1&y#z.png", "x:y@z.png", "猫/🦊.png"})
  public void keysAreNotChanged(String key) {
    store().put(uri("keys/" + key), text(key), TYPE);

    assertThat(store().get(uri("keys/" + key), 100))
        .hasValueSatisfying(b -> assertThat(b).isEqualTo(text(key)));
  }

  @Test
  public void aMissingObjectIsEmpty() {
    assertThat(store().get(uri("nothing/here.png"), 100)).isEmpty();
    assertThat(store().get(uri("nothing"), 100)).isEmpty();
  }

  @Test
  public void puttingTwiceIsHarmless() {
    ObjectUri uri = uri("twice.png");
    store().put(uri, text("first"), TYPE);

    store().put(uri, text("first"), TYPE);

    assertThat(store().get(uri, 100))
        .hasValueSatisfying(b -> assertThat(b).isEqualTo(text("first")));
  }

  @Test
  public void anObjectUpToTheLimitIsReadAndALongerOneIsNot() {
    ObjectUri uri = uri("long.bin");
    store().put(uri, random(1000), TYPE);

    assertThat(store().get(uri, 1000)).isPresent();
    assertThatThrownBy(() -> store().get(uri, 999))
        .isInstanceOf(ObjectStore.TooLarge.class)
        .hasMessage(uri + ": must be at most 999 bytes, is 1000");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 99, 100, 101, 1000})
  public void theBeginningOfAnObjectIsReadWithItsLength(int length) {
    ObjectUri uri = uri("beginnings/" + length);
    byte[] bytes = random(length);
    store().put(uri, bytes, TYPE);

    ObjectStore.Beginning beginning = store().begin(uri, 100).orElseThrow();

    assertThat(beginning.bytes().array()).isEqualTo(Arrays.copyOf(bytes, Math.min(length, 100)));
    assertThat(beginning.length()).isEqualTo(length);
    assertThat(beginning.whole()).isEqualTo(length <= 100);
    assertThat(store().begin(uri("beginnings/none"), 100)).isEmpty();
  }

  @Test
  public void aRemovedObjectDoesNotExist() {
    ObjectUri uri = uri("removed/it.bin");
    store().put(uri, text("it"), TYPE);

    store().delete(uri);
    store().delete(uri);

    assertThat(store().get(uri, 100)).isEmpty();
    assertThat(store().putIfAbsent(uri, text("again"), TYPE)).isTrue();
  }

  @Test
  public void theFirstWriteIsKept() {
    ObjectUri uri = uri("first/manifest.json");

    assertThat(store().putIfAbsent(uri, text("mine"), TYPE)).isTrue();
    assertThat(store().putIfAbsent(uri, text("other"), TYPE)).isFalse();
    assertThat(store().putIfAbsent(uri, text("longer than mine"), TYPE)).isFalse();
    assertThat(store().get(uri, 100))
        .hasValueSatisfying(b -> assertThat(b).isEqualTo(text("mine")));
  }

  @Test
  public void theSameBytesAgainCountAsWritten() {
    ObjectUri uri = uri("again/manifest.json");
    store().putIfAbsent(uri, text("mine"), TYPE);

    assertThat(store().putIfAbsent(uri, text("mine"), TYPE)).isTrue();
  }

  @Test
  public void exactlyOneOfManyWritersWins() throws Exception {
    ObjectUri uri = uri("race/manifest.json");
    CyclicBarrier together = new CyclicBarrier(WRITERS);
    ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
    List<Future<Boolean>> wins = new ArrayList<>();
    try {
      for (int writer = 0; writer < WRITERS; writer++) {
        byte[] bytes = text("writer " + writer);
        wins.add(
            writers.submit(
                () -> {
                  together.await();
                  return store().putIfAbsent(uri, bytes, TYPE);
                }));
      }
      List<Integer> winners = new ArrayList<>();
      for (int writer = 0; writer < WRITERS; writer++) {
        if (wins.get(writer).get()) {
          winners.add(writer);
        }
      }
      assertThat(winners).hasSize(1);
      assertThat(store().get(uri, 100))
          .hasValueSatisfying(b -> assertThat(b).isEqualTo(text("writer " + winners.get(0))));
    } finally {
      writers.shutdownNow();
    }
  }

  private ObjectUri uri(String key) {
    return new ObjectUri(bucket(), key);
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }
}
