package io.darkroom.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A request as a file. {@code ${output:ID:INDEX}} in its text is replaced by the address of an
 * output of another request.
 *
 * @param name of the file, without extension
 * @param text of the file
 */
record Example(String name, String text) {
  private static final Pattern OUTPUT = Pattern.compile("\\$\\{output:([^}]+):(\\d+)}");
  private static final ObjectMapper JSON = new ObjectMapper();

  /** An output of another request that must exist first. */
  record Needed(String id, int index) {}

  /**
   * Returns the requests of a folder, its {@code *.json}, in the order of their names.
   *
   * @throws DemoFailure if the folder or a file in it is missing
   */
  static List<Example> read(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new DemoFailure("requests: " + folder + " is not a folder");
    }
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> paths = files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
      if (paths.isEmpty()) {
        throw new DemoFailure("requests: there is no *.json in " + folder);
      }
      List<Example> examples = new ArrayList<>();
      for (Path path : paths) {
        String file = path.getFileName().toString();
        String name = file.substring(0, file.length() - ".json".length());
        examples.add(new Example(name, Files.readString(path)));
      }
      return examples;
    }
  }

  /** Returns the id of the request; the name of the file if the text has none. */
  String id() {
    return json()
        .map(node -> node.path("id"))
        .filter(JsonNode::isTextual)
        .map(JsonNode::asText)
        .orElse(name);
  }

  /** Returns whether it must be rejected. */
  boolean bad() {
    return name.startsWith("bad-");
  }

  /** Returns the outputs that must exist before it can be published. */
  List<Needed> needs() {
    return OUTPUT.matcher(text).results().map(Example::needed).distinct().toList();
  }

  /** Returns the bytes to publish, with the addresses of the outputs that it needs. */
  byte[] body(Function<Needed, String> address) {
    String body =
        OUTPUT
            .matcher(text)
            .replaceAll(match -> Matcher.quoteReplacement(address.apply(needed(match))));
    return body.getBytes(StandardCharsets.UTF_8);
  }

  private static Needed needed(MatchResult match) {
    return new Needed(match.group(1), Integer.parseInt(match.group(2)));
  }

  private Optional<JsonNode> json() {
    try {
      return Optional.ofNullable(JSON.readTree(text));
    } catch (JsonProcessingException notJson) {
      return Optional.empty();
    }
  }
}
