package io.darkroom.onnx;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Tokenizer folders as exporters write them, put together from small files. */
final class TokenizerFolders {
  static final Path FOLDERS = Path.of("src/test/resources/tokenizers");
  static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Path PIECES = Packages.PIPELINES.resolve("packages/sd-mini/tokenizer");

  private TokenizerFolders() {}

  static List<Path> all() throws IOException {
    try (Stream<Path> children = Files.list(FOLDERS)) {
      return children.filter(Files::isDirectory).sorted().toList();
    }
  }

  /** A package at {@code target} that has this tokenizer and nothing else. */
  static Path at(Path target, Path source) throws IOException {
    Path folder = Files.createDirectories(target.resolve("tokenizer"));
    for (String name : List.of("tokenizer_config", "special_tokens_map", "added_tokens")) {
      copyIfPresent(source.resolve(name + ".json"), folder);
    }
    Path whole = source.resolve("tokenizer.json");
    if (Files.exists(whole)) {
      JSON.writeValue(
          folder.resolve("tokenizer.json").toFile(), whole(JSON.readTree(whole.toFile())));
    } else {
      copyPieces(folder);
    }
    return target;
  }

  static void copyPieces(Path folder) throws IOException {
    copyIfPresent(PIECES.resolve("vocab.json"), folder);
    copyIfPresent(PIECES.resolve("merges.txt"), folder);
  }

  private static JsonNode whole(JsonNode file) throws IOException {
    ObjectNode model = (ObjectNode) file.get("model");
    boolean pairs = model.get("merges").asText().equals("pairs");
    model.set("vocab", JSON.readTree(PIECES.resolve("vocab.json").toFile()));
    ArrayNode merges = model.putArray("merges");
    for (String line : Files.readAllLines(PIECES.resolve("merges.txt"))) {
      if (line.isBlank() || line.startsWith("#version")) {
        continue;
      }
      if (pairs) {
        Stream.of(line.split(" ")).forEach(merges.addArray()::add);
      } else {
        merges.add(line);
      }
    }
    return file;
  }

  private static void copyIfPresent(Path file, Path folder) throws IOException {
    if (Files.exists(file)) {
      Files.copy(file, folder.resolve(file.getFileName()));
    }
  }
}
