package io.darkroom.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.GoldenPackages;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.NetworkNames;
import io.darkroom.model.TensorInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Names of inputs and outputs of networks are written in {@link NetworkNames}, or in the condition
 * that fills the input.
 */
class NetworkNamesTest {
  private static final Path SOURCES = Path.of("src/main/java/io/darkroom");
  private static final Path NAMES = SOURCES.resolve("model/NetworkNames.java");
  private static final Path CONDITIONS = SOURCES.resolve("model/condition");
  private static final Pattern LITERAL = Pattern.compile("\"(\\w+\\.?)\"");

  private static final List<String> PACKAGES =
      List.of(
          "class-mini",
          "dit-mini",
          "flux-mini",
          "inpaint-mini",
          "ldm-sr-mini",
          "ldm-text-mini",
          "pixart-mini",
          "scan-mini-2ch",
          "sd-mini",
          "sd-upscale-mini",
          "sd3-mini",
          "sdxl-mini",
          "wave-mini");

  @Test
  void noOtherClassRepeatsANameFromAnOnnxFile() throws IOException, BrokenPackage {
    NavigableSet<String> names = namesInFiles();
    assertThat(names).contains("sample", "pooled_projections", "pooler_output", "txt_ids");
    for (Path source : sources()) {
      assertThat(literals(source)).as(source.toString()).doesNotContainAnyElementsOf(names);
    }
  }

  @Test
  void aNameIsWrittenOnce() throws IOException {
    List<String> names = literals(NAMES);

    assertThat(names).doesNotHaveDuplicates();
    for (Path source : sources()) {
      assertThat(literals(source)).as(source.toString()).doesNotContainAnyElementsOf(names);
    }
  }

  private static NavigableSet<String> namesInFiles() throws IOException, BrokenPackage {
    List<Path> folders = PACKAGES.stream().map(GoldenPackages::folder).toList();
    NavigableSet<String> names = new TreeSet<>();
    for (Path file : files(folders, "/model.onnx")) {
      OnnxGraph graph = OnnxGraph.read(file.getParent(), "model.onnx");
      Stream.concat(graph.inputs().stream(), graph.outputs().stream())
          .map(TensorInfo::name)
          .forEach(names::add);
    }
    return names;
  }

  private static List<Path> sources() throws IOException {
    List<Path> folders =
        Stream.of("model", "onnx", "text", "render", "plan").map(SOURCES::resolve).toList();
    return files(folders, ".java").stream()
        .filter(file -> !file.equals(NAMES) && !file.startsWith(CONDITIONS))
        .toList();
  }

  private static List<Path> files(List<Path> folders, String end) throws IOException {
    List<Path> found = new ArrayList<>();
    for (Path folder : folders) {
      try (Stream<Path> files = Files.walk(folder)) {
        files.filter(file -> file.toString().endsWith(end)).forEach(found::add);
      }
    }
    return found;
  }

  private static List<String> literals(Path source) throws IOException {
    return LITERAL
        .matcher(Files.readString(source))
        .results()
        .map((MatchResult found) -> found.group(1))
        .toList();
  }
}
