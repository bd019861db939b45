package io.darkroom.console;

import io.darkroom.render.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The files of the page, from the class path. No other file of the class path is served. */
final class PageFiles {
  private static final List<String> NAMES =
      List.of(
          "index.html",
          "console.css",
          "icon.svg",
          "main.js",
          "api.js",
          "dom.js",
          "live.js",
          "chart.js",
          "results.js",
          "result.js",
          "deadletter.js",
          "media.js",
          "npy.js",
          "film.js",
          "compare.js",
          "ask.js",
          "form.js",
          "schema.js");

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml",
          "json", "application/json");

  private final Map<String, File> files = new HashMap<>();

  /** A file and its media type. */
  record File(String type, Bytes body) {}

  PageFiles() {
    NAMES.forEach(name -> files.put("/" + name, read("/console/", name)));
    files.put("/", read("/console/", "index.html"));
    files.put("/request.schema.json", read("/schemas/", "render-request.schema.json"));
  }

  Optional<File> file(String path) {
    return Optional.ofNullable(files.get(path));
  }

  private static File read(String folder, String name) {
    String ending = name.substring(name.lastIndexOf('.') + 1);
    try (InputStream in = PageFiles.class.getResourceAsStream(folder + name)) {
      if (in == null) {
        throw new IllegalStateException(folder + name + ": must be on the class path");
      }
      return new File(TYPES.getOrDefault(ending, ""), new Bytes(in.readAllBytes()));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
