package io.darkroom.json;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Requests for tests, as text. */
final class Requests {
  static final RequestCodec CODEC = new RequestCodec(RequestCodec.DEFAULT_MAX_BYTES);
  static final Path EXAMPLES = Path.of("schemas/examples");

  private Requests() {}

  /** Returns a generate request with these further fields; quotes may be single ones. */
  static String generate(String... fields) {
    return request("'id':'r-1','kind':'generate','model':'emoji-32'", fields);
  }

  /** Returns an upscale request with these further fields; quotes may be single ones. */
  static String upscale(String... fields) {
    return request(
        "'id':'r-1','kind':'upscale','model':'emoji-sr4','image':{'uri':'s3://pictures/a.png'}",
        fields);
  }

  private static String request(String start, String... fields) {
    String all =
        Stream.concat(Stream.of(start), Stream.of(fields)).reduce((a, b) -> a + "," + b).get();
    return ("{" + all + "}").replace('\'', '"');
  }

  static Decoded read(String json) {
    return CODEC.read(json.getBytes(StandardCharsets.UTF_8), "");
  }

  static Decoded.Valid valid(String json) {
    return (Decoded.Valid) read(json);
  }

  static Decoded.Invalid invalid(String json) {
    return (Decoded.Invalid) read(json);
  }

  /** Returns {@code pointer: message} of every violation; none if the request is valid. */
  static List<String> violations(String json) {
    return read(json) instanceof Decoded.Invalid invalid
        ? invalid.violations().stream().map(v -> v.pointer() + ": " + v.message()).toList()
        : List.of();
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<Path> files(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.toString().endsWith(".json")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
