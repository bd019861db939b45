package io.darkroom.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.model.EncodedText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TextCacheTest {
  private static final String SD = "a".repeat(64);
  private static final String SDXL = "b".repeat(64);

  /** Bytes of an encoded text. */
  private static final int BYTES = 12;

  private final List<Long> encoded = new ArrayList<>();
  private final TextEncoder encoder =
      (texts, skip) -> texts.stream().map(text -> encode(text.ids()[0])).toList();

  private EncodedText encode(long id) {
    if (id < 0) {
      throw DeviceFailure.refused("id " + id);
    }
    encoded.add(id);
    return new EncodedText(Map.of("states", new float[] {id, 1, 2}), 3, 3);
  }

  private static List<Tokenizer.Tokens> tokens(long... ids) {
    List<Tokenizer.Tokens> tokens = new ArrayList<>();
    for (long id : ids) {
      tokens.add(new Tokenizer.Tokens(new long[] {id, 7, 7}, 3, Optional.empty()));
    }
    return tokens;
  }

  private List<Float> states(TextEncoding.Cache cache, String sha256, String name, long... ids) {
    return cache.encode(sha256, new TextEncoding.Reader(name, 0), encoder, tokens(ids)).stream()
        .map(text -> text.output("states")[0])
        .toList();
  }

  @Test
  void aRepeatedTextIsEncodedOnceInAnyOrder() {
    TextEncoding.Cache cache = new TextEncoding.Cache(1000);
    assertThat(states(cache, SD, "text_encoder", 1, 2, 1)).containsExactly(1f, 2f, 1f);
    assertThat(states(cache, SD, "text_encoder", 3, 2)).containsExactly(3f, 2f);
    assertThat(states(cache, SD, "text_encoder", 2, 3, 1)).containsExactly(2f, 3f, 1f);
    assertThat(encoded).containsExactly(1L, 2L, 3L);
    assertThat(cache.counts()).isEqualTo(new EngineSnapshot.Texts(3, 5, 3 * BYTES));
  }

  @Test
  void everyEncoderAndPackageHasItsOwnEntries() {
    TextEncoding.Cache cache = new TextEncoding.Cache(1000);
    states(cache, SD, "text_encoder", 1);
    states(cache, SDXL, "text_encoder", 1);
    states(cache, SDXL, "text_encoder_2", 1);
    assertThat(encoded).containsExactly(1L, 1L, 1L);
  }

  @Test
  void beyondTheLimitTheTextsUsedLeastRecentlyAreDropped() {
    TextEncoding.Cache cache = new TextEncoding.Cache(2 * BYTES);
    states(cache, SD, "text_encoder", 1, 2);
    states(cache, SD, "text_encoder", 1);
    states(cache, SD, "text_encoder", 3);
    encoded.clear();
    assertThat(states(cache, SD, "text_encoder", 1, 3, 2)).containsExactly(1f, 3f, 2f);
    assertThat(encoded).containsExactly(2L);
    assertThat(cache.counts().bytes()).isEqualTo(2 * BYTES);
  }

  @Test
  void textsThatDoNotFitAreEncodedWithoutTheCache() {
    TextEncoding.Cache cache = new TextEncoding.Cache(BYTES - 1);
    assertThat(states(cache, SD, "text_encoder", 1, 2, 1)).containsExactly(1f, 2f, 1f);
    assertThat(cache.counts()).isEqualTo(new EngineSnapshot.Texts(2, 1, 0));
  }

  @Test
  void aFailureKeepsNothing() {
    TextEncoding.Cache cache = new TextEncoding.Cache(1000);
    assertThatThrownBy(() -> states(cache, SD, "text_encoder", 1, -1))
        .isInstanceOf(DeviceFailure.class);
    assertThat(cache.counts()).isEqualTo(new EngineSnapshot.Texts(0, 0, 0));
    assertThat(states(cache, SD, "text_encoder", 1)).containsExactly(1f);
  }
}
