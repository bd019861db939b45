package io.darkroom.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.darkroom.render.ObjectStore;
import io.darkroom.render.ObjectUri;
import io.darkroom.text.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Downloads results from the store into a folder per request. */
final class Gallery {
  private static final long MAX_BYTES = 1L << 30;
  private static final Pattern OURS = Pattern.compile("\\d+-[0-9a-f]{12}\\.\\w+|manifest\\.json");

  private final ObjectStore store;
  private final Path folder;
  private final List<String> problems = new ArrayList<>();

  Gallery(ObjectStore store, Path folder) {
    this.store = store;
    this.folder = folder;
  }

  /** All pictures with their files, in the order of ids and indices. */
  Map<Picture, Path> fetch(Map<String, Notice> ended) throws IOException {
    Map<Picture, Path> files = new LinkedHashMap<>();
    for (Map.Entry<String, Notice> entry : new TreeMap<>(ended).entrySet()) {
      if (entry.getValue().completed()) {
        files.putAll(fetch(entry.getKey(), entry.getValue().data()));
      }
    }
    return files;
  }

  /** Returns one line for each object that differs from its event. */
  List<String> problems() {
    return problems;
  }

  private Map<Picture, Path> fetch(String id, JsonNode manifest) throws IOException {
    Path own = Files.createDirectories(folder.resolve(id.replace(':', '_')));
    clear(own);
    Map<Picture, Path> files = new LinkedHashMap<>();
    JsonNode outputs = manifest.path("outputs");
    for (JsonNode output : outputs) {
      int index = output.path("index").asInt();
      Picture picture = new Picture(id, index, outputs.size() > 1, output, manifest);
      ObjectUri uri = ObjectUri.parse(picture.uri());
      byte[] bytes = get(uri);
      if (!Sha256.of(bytes).equals(picture.sha256())) {
        problems.add(uri + ": its SHA-256 is not that of its event");
      }
      files.put(picture, Files.write(own.resolve(name(uri)), bytes));
      Files.write(own.resolve("manifest.json"), get(manifest(uri)));
    }
    return files;
  }

  private byte[] get(ObjectUri uri) {
    return store
        .get(uri, MAX_BYTES)
        .orElseGet(
            () -> {
              problems.add(uri + ": is not there");
              return new byte[0];
            });
  }

  private static void clear(Path own) throws IOException {
    try (Stream<Path> files = Files.list(own)) {
      for (Path file : files.toList()) {
        if (OURS.matcher(file.getFileName().toString()).matches()) {
          Files.delete(file);
        }
      }
    }
  }

  private static String name(ObjectUri uri) {
    return uri.key().substring(uri.key().lastIndexOf('/') + 1);
  }

  private static ObjectUri manifest(ObjectUri output) {
    String key = output.key();
    return new ObjectUri(
        output.bucket(), key.substring(0, key.lastIndexOf('/') + 1) + "manifest.json");
  }
}
