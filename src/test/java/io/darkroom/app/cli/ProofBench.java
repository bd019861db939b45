package io.darkroom.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Runs commands and keeps what they print; reads and changes the files of renders. */
final class ProofBench {
  static final Path STARTER = Path.of("src/main/models");
  static final Path EMOJI = STARTER.resolve("emoji-32");
  static final Path ENLARGE = STARTER.resolve("emoji-sr4");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  /** Runs a command; returns the exit status. What the one before printed is forgotten. */
  int run(Object... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    String[] texts =
        Stream.of(arguments).flatMap(ProofBench::flat).map(Object::toString).toArray(String[]::new);
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(texts);
  }

  private static Stream<Object> flat(Object argument) {
    return argument instanceof Object[] several
        ? Stream.of(several).flatMap(ProofBench::flat)
        : Stream.of(argument);
  }

  String out() {
    return out.toString();
  }

  String err() {
    return err.toString();
  }

  /** Both outputs, for messages of failed assertions. */
  String all() {
    return out() + err();
  }

  /** Renders requests into a folder. */
  void render(Path folder, Path requests, Object[] options, String... bodies) throws IOException {
    Object[] files = new Object[bodies.length];
    for (int i = 0; i < bodies.length; i++) {
      files[i] = Files.writeString(requests.resolve("request-" + i + ".json"), bodies[i]);
    }
    assertThat(run("render", "-o", folder, options, files)).as(all()).isZero();
  }

  static ObjectNode json(Path file) throws IOException {
    return (ObjectNode) JSON.readTree(file.toFile());
  }

  /** Writes a changed copy of a JSON file. */
  static void change(Path from, Path to, Consumer<ObjectNode> change) throws IOException {
    ObjectNode tree = json(from);
    change.accept(tree);
    Files.createDirectories(to.resolveSibling("."));
    Files.write(to, JSON.writeValueAsBytes(tree));
  }

  /** Returns the verdicts of a report, by the id of the request. */
  static Map<String, String> verdicts(Path report) throws IOException {
    Map<String, String> verdicts = new TreeMap<>();
    json(report)
        .path("requests")
        .forEach(
            each -> verdicts.put(each.path("request_id").asText(), each.path("verdict").asText()));
    return verdicts;
  }

  /** Returns the bytes of all files under a folder, by path. */
  static Map<String, String> content(Path folder) throws IOException {
    Map<String, String> content = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        byte[] bytes = Files.readAllBytes(file);
        content.put(folder.relativize(file).toString(), Base64.getEncoder().encodeToString(bytes));
      }
    }
    return content;
  }

  static Path copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        Files.createDirectories(target.resolveSibling("."));
        if (!Files.isDirectory(file)) {
          Files.copy(file, target);
        }
      }
    }
    return to;
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
