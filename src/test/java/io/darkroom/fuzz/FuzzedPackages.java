package io.darkroom.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import io.darkroom.GoldenPackages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Copies of small packages with hostile values in a configuration, or a damaged or missing file.
 */
public final class FuzzedPackages {
  private static final List<String> NAMES = List.of("class-mini", "class-mini", "sd-mini");

  private final Random random;

  public FuzzedPackages(Random random) {
    this.random = random;
  }

  /** Writes a package as this folder. */
  public void write(Path folder) throws IOException {
    Path sound = GoldenPackages.folder(NAMES.get(random.nextInt(NAMES.size())));
    copy(sound, folder);
    List<Path> files = new ArrayList<>(files(folder));
    Collections.shuffle(files, random);
    for (Path file : files.subList(0, 1 + random.nextInt(3))) {
      mutate(file);
    }
  }

  private void mutate(Path file) throws IOException {
    if (random.nextInt(20) == 0) {
      Files.delete(file);
    } else if (file.toString().endsWith(".json") && random.nextInt(5) > 0) {
      JsonNode tree = Mutations.read(file);
      Mutations mutations = new Mutations(random);
      mutations.change(tree);
      Files.write(file, mutations.bytes(tree));
    } else {
      Files.write(file, Mutations.damage(Files.readAllBytes(file), random));
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    for (Path file : files(from)) {
      Path target = to.resolve(from.relativize(file).toString());
      Files.createDirectories(target.resolveSibling("."));
      Files.copy(file, target);
    }
  }
}
