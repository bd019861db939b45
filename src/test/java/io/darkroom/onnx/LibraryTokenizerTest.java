package io.darkroom.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.darkroom.GoldenPackages;
import io.darkroom.engine.Tokenizer;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.TextEncoderInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** T5's and BERT's tokenizers; CLIP's are in {@link TokenizerFoldersTest}. */
class LibraryTokenizerTest {
  private static final Map<String, String> ENCODERS =
      Map.of("tokenizer", "bert", "tokenizer_2", "text_encoder_2", "tokenizer_3", "text_encoder_3");

  @ParameterizedTest
  @ValueSource(
      strings = {"sd3-mini/tokenizer_3", "flux-mini/tokenizer_2", "ldm-text-mini/tokenizer"})
  void idsEqualThoseOfTransformers(String folder) throws IOException, BrokenPackage {
    JsonNode file =
        JsonMapper.builder()
            .build()
            .readTree(Packages.PIPELINES.resolve("tokenizer_cases_t5_wordpiece.json").toFile())
            .get(folder);
    int length = file.get("max_length").asInt();
    LibraryTokenizer tokenizer = read(folder, length);
    SoftAssertions softly = new SoftAssertions();
    for (JsonNode each : file.get("cases")) {
      Tokenizer.Tokens tokens = tokenizer.encode(each.get("text").asText(), length);
      softly.assertThat(tokens.ids()).as(each.get("text").asText()).containsExactly(ids(each));
      if (each.has("attention_mask")) {
        int used = 0;
        for (JsonNode mask : each.get("attention_mask")) {
          used += mask.asInt();
        }
        softly.assertThat(tokens.used()).as(each.get("text").asText()).isEqualTo(used);
      }
    }
    softly.assertAll();
    assertThat(file.get("cases").size()).isGreaterThan(20);
  }

  @Test
  void anOverlongTextEndsWithItsEnd() throws BrokenPackage {
    LibraryTokenizer tokenizer = read("sd3-mini/tokenizer_3", 8);
    Tokenizer.Tokens tokens = tokenizer.encode("a cat ".repeat(20), 8);
    assertThat(tokens.ids()).hasSize(8).endsWith(1);
    assertThat(tokens.used()).isEqualTo(8);
    assertThat(tokens.cut()).isPresent();
  }

  @Test
  void aSentencePieceModelWithoutATokenizerFileIsRefused(@TempDir Path root) throws IOException {
    Files.createDirectories(root.resolve("tokenizer_3"));
    Files.writeString(root.resolve("tokenizer_3/spiece.model"), "");
    assertThatThrownBy(() -> read(root, "tokenizer_3", 8))
        .hasMessage(
            "tokenizer_3: tokenizer.json: is missing: save the tokenizer with transformers'"
                + " T5TokenizerFast, which writes it");
  }

  @Test
  void aListOfWordPiecesNeedsItsSpecialTokens(@TempDir Path root) throws IOException {
    Files.createDirectories(root.resolve("tokenizer"));
    Files.writeString(root.resolve("tokenizer/vocab.txt"), "[PAD]\n[UNK]\n[CLS]\na\n");
    assertThatThrownBy(() -> read(root, "tokenizer", 8))
        .hasMessage("tokenizer/vocab.txt: [SEP]: is missing");
  }

  /** The tokenizer {@code package/folder} of this repository. */
  private static LibraryTokenizer read(String place, int length) throws BrokenPackage {
    String[] parts = place.split("/", -1);
    return read(GoldenPackages.folder(parts[0]), parts[1], length);
  }

  private static LibraryTokenizer read(Path folder, String tokenizer, int length)
      throws BrokenPackage {
    String encoder = ENCODERS.get(tokenizer);
    boolean anyLength = !encoder.equals("bert");
    return LibraryTokenizer.read(
        folder, new TextEncoderInfo(encoder, tokenizer, length, anyLength, List.of(), 0));
  }

  private static long[] ids(JsonNode each) {
    return StreamSupport.stream(each.get("input_ids").spliterator(), false)
        .mapToLong(JsonNode::asLong)
        .toArray();
  }
}
