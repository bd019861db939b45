package io.darkroom.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.darkroom.engine.Tokenizer;
import io.darkroom.model.BrokenPackage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests that every form of tokenizer folder gives the ids of transformers, or is refused by name.
 */
class TokenizerFoldersTest {
  private static final String CONFIG = "tokenizer_config";
  @TempDir Path target;

  static List<Path> all() throws IOException {
    return TokenizerFolders.all();
  }

  @ParameterizedTest
  @MethodSource("all")
  void idsEqualThoseOfTransformers(Path source) throws IOException, BrokenPackage {
    LibraryTokenizer tokenizer =
        LibraryTokenizer.read(TokenizerFolders.at(target, source), Packages.CLIP);
    JsonNode cases = TokenizerFolders.JSON.readTree(source.resolve("expected.json").toFile());
    assertThat(cases.size()).isGreaterThan(20);
    long padding = tokenizer.encode("", 77).ids()[76];
    SoftAssertions softly = new SoftAssertions();
    for (JsonNode each : cases) {
      long[] start =
          StreamSupport.stream(each.get("ids").spliterator(), false)
              .mapToLong(JsonNode::asLong)
              .toArray();
      Tokenizer.Tokens tokens = tokenizer.encode(each.get("text").asText(), 77);
      softly.assertThat(tokens.ids()).as(each.get("text").asText()).startsWith(start).hasSize(77);
      for (int i = start.length; i < 77; i++) {
        softly.assertThat(tokens.ids()[i]).as(each.get("text").asText()).isEqualTo(padding);
      }
    }
    softly.assertAll();
  }

  @Test
  void onlyThePaddingOfTheConfigurationCounts() throws IOException, BrokenPackage {
    assertThat(read("config-pad").encode("", 77).ids()[76]).isZero();
    assertThat(read("no-config", "second").encode("", 77).ids()[76]).isEqualTo(999);
  }

  @Test
  void aTokenWhoseIdIsNotTheNextOneIsRefused() throws IOException {
    TokenizerFolders.at(target, folder("legacy"));
    Files.writeString(target.resolve("tokenizer/added_tokens.json"), "{\"<sks>\": 1005}");
    refused("tokenizer: <sks>: must have the id 1000, has 1005");
  }

  @Test
  void anUnknownPaddingTokenIsRefused() throws IOException {
    TokenizerFolders.at(target, folder("no-config"));
    write(CONFIG, "{\"pad_token\": \"<pad>\"}");
    refused("tokenizer/vocab.json: <pad>: is missing, though it is a special token");
    write(CONFIG, "{\"pad_token\": 7}");
    refused("tokenizer/tokenizer_config.json: pad_token: must be a token, is 7");
  }

  @Test
  void settingsThatGiveOtherIdsAreRefused() throws IOException {
    TokenizerFolders.at(target, folder("no-config"));
    String file = "tokenizer/tokenizer_config.json: ";
    write(CONFIG, "{\"padding_side\": \"left\"}");
    refused(file + "padding_side: must be right, is left");
    write(CONFIG, "{\"truncation_side\": \"left\"}");
    refused(file + "truncation_side: must be right, is left");
    write(CONFIG, "{\"split_special_tokens\": true}");
    refused(file + "split_special_tokens: must be false, is true");
    write(CONFIG, "{\"model_max_length\": 64}");
    refused(file + "model_max_length: must be the 77 of text_encoder/config.json, is 64");
    write(CONFIG, "{\"tokenizer_class\": \"GPT2Tokenizer\"}");
    refused(file + "tokenizer_class: must be CLIPTokenizer, is GPT2Tokenizer");
  }

  @Test
  void anIdWithoutAnEmbeddingIsRefused() throws IOException {
    TokenizerFolders.at(target, folder("added-tokens"));
    Files.createDirectories(target.resolve("text_encoder"));
    Files.writeString(target.resolve("text_encoder/config.json"), "{\"vocab_size\": 1000}");
    refused(
        "text_encoder/config.json: vocab_size: must be at least the 1001 ids of the tokenizer, is 1000");
  }

  @Test
  void stepsOfAnotherTokenizerAreRefused() throws IOException {
    changed(file -> file.putObject("normalizer").put("type", "NFKC"));
    refusedStep("normalizer");
    changed(file -> file.putNull("pre_tokenizer"));
    refusedStep("pre_tokenizer");
    changed(file -> ((ObjectNode) file.get("model")).put("end_of_word_suffix", "_"));
    refusedStep("model");
    changed(file -> ((ObjectNode) file.get("model")).put("dropout", 0.1));
    refusedStep("model");
    changed(file -> ((ObjectNode) file.get("post_processor")).put("type", "BertProcessing"));
    refusedStep("post_processor");
    changed(file -> file.putObject("padding").put("direction", "Left"));
    refused("tokenizer/tokenizer.json: padding: must have the direction Right, has Left");
  }

  @Test
  void twoVocabulariesThatDifferAreRefused() throws IOException, BrokenPackage {
    TokenizerFolders.at(target, folder("tokenizer-json-only"));
    TokenizerFolders.copyPieces(target.resolve("tokenizer"));
    assertThat(LibraryTokenizer.read(target, Packages.CLIP).encode("", 77).ids())
        .startsWith(998, 999);
    Files.writeString(target.resolve("tokenizer/merges.txt"), "#version: 0.2\na n\n");
    refused(
        "tokenizer/tokenizer.json: model: must have the pieces of tokenizer/vocab.json, has others");
  }

  private LibraryTokenizer read(String name) throws IOException, BrokenPackage {
    return read(name, "first");
  }

  private LibraryTokenizer read(String name, String place) throws IOException, BrokenPackage {
    return LibraryTokenizer.read(
        TokenizerFolders.at(target.resolve(place), folder(name)), Packages.CLIP);
  }

  private static Path folder(String name) {
    return TokenizerFolders.FOLDERS.resolve(name);
  }

  private void write(String name, String json) throws IOException {
    Files.writeString(target.resolve("tokenizer/" + name + ".json"), json);
  }

  private void changed(Consumer<ObjectNode> change) throws IOException {
    Path fresh = target.resolve("fresh");
    if (!Files.exists(fresh)) {
      TokenizerFolders.at(fresh, folder("tokenizer-json-only"));
      Files.createDirectories(target.resolve("tokenizer"));
    }
    File source = fresh.resolve("tokenizer/tokenizer.json").toFile();
    ObjectNode file = (ObjectNode) TokenizerFolders.JSON.readTree(source);
    change.accept(file);
    write("tokenizer", file.toString());
  }

  private void refusedStep(String step) {
    assertThatThrownBy(() -> LibraryTokenizer.read(target, Packages.CLIP))
        .isInstanceOf(BrokenPackage.class)
        .hasMessageStartingWith("tokenizer/tokenizer.json: " + step + ": must be that of CLIP");
  }

  private void refused(String message) {
    assertThatThrownBy(() -> LibraryTokenizer.read(target, Packages.CLIP))
        .isInstanceOf(BrokenPackage.class)
        .hasMessage(message);
  }
}
