package io.darkroom.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.darkroom.engine.Tokenizer;
import io.darkroom.model.BrokenPackage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ClipTokenizerTest {
  private static final Path PACKAGE = Packages.PIPELINES.resolve("packages/sd-mini");
  private static LibraryTokenizer tokenizer;

  @BeforeAll
  static void read() throws BrokenPackage {
    tokenizer = LibraryTokenizer.read(PACKAGE, Packages.CLIP);
  }

  /** The fast tokenizer's ids, which leave out the cleaning step. */
  static Stream<Arguments> cases() throws IOException {
    JsonNode file =
        JsonMapper.builder()
            .build()
            .readTree(Packages.PIPELINES.resolve("tokenizer_cases.json").toFile());
    return StreamSupport.stream(file.get("cases").spliterator(), false)
        .map(
            each ->
                Arguments.of(
                    each.get("text").asText(),
                    each.has("input_ids_fast") ? each.get("input_ids_fast") : each.get("input_ids"),
                    each.get("length_before_truncation").asInt()));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void idsEqualTheReference(String text, JsonNode ids, int length) {
    Tokenizer.Tokens tokens = tokenizer.encode(text, 77);
    long[] expected =
        StreamSupport.stream(ids.spliterator(), false).mapToLong(JsonNode::asLong).toArray();
    assertThat(tokens.ids()).containsExactly(expected);
    assertThat(tokens.cut().isPresent()).isEqualTo(length > 77);
  }

  @Test
  void truncatedTextIsReported() {
    String fits = "🐱 cat, ".repeat(12);
    assertThat(tokenizer.encode(fits, 77).cut()).isEmpty();
    Tokenizer.Tokens tokens = tokenizer.encode("x ".repeat(75) + "🐱 and more 🚀", 77);
    assertThat(tokens.ids()).hasSize(77).endsWith(999);
    assertThat(tokens.cut()).contains("🐱 and more 🚀");
  }

  @Test
  void unpairedSurrogatesBecomeQuestionMarks() {
    assertThat(tokenizer.encode("a \ud83d b", 77).ids())
        .isEqualTo(tokenizer.encode("a ? b", 77).ids());
  }

  @Test
  void manyThreadsMayEncode() {
    List<String> texts = IntStream.range(0, 200).mapToObj(i -> "cat " + i).toList();
    List<long[]> alone = texts.stream().map(text -> tokenizer.encode(text, 77).ids()).toList();
    List<long[]> together =
        texts.parallelStream().map(text -> tokenizer.encode(text, 77).ids()).toList();
    for (int i = 0; i < alone.size(); i++) {
      assertThat(together.get(i)).containsExactly(alone.get(i));
    }
  }

  @Test
  void aVocabularyWithoutTheEndTokenIsBroken(@TempDir Path folder) throws IOException {
    Files.createDirectories(folder.resolve("tokenizer"));
    Files.writeString(folder.resolve("tokenizer/vocab.json"), "{\"<|startoftext|>\": 0}");
    Files.writeString(folder.resolve("tokenizer/merges.txt"), "#version: 0.2\n");
    assertThatThrownBy(() -> LibraryTokenizer.read(folder, Packages.CLIP))
        .isInstanceOf(BrokenPackage.class)
        .hasMessageStartingWith("tokenizer/vocab.json: <|endoftext|>: is missing");
  }
}
