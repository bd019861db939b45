package io.darkroom.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExamplesTest {
  private static final String PLACEHOLDER = "\\$\\{output:[A-Za-z0-9._:-]+:[0-9]+}";

  static Stream<Path> good() {
    return Requests.files(Requests.EXAMPLES).stream().filter(file -> !isBad(file));
  }

  static Stream<Path> bad() {
    return Requests.files(Requests.EXAMPLES).stream().filter(ExamplesTest::isBad);
  }

  private static boolean isBad(Path file) {
    return file.getFileName().toString().startsWith("bad-");
  }

  @ParameterizedTest
  @MethodSource("good")
  void anExampleIsValidAndNamedByItsId(Path file) {
    String json = Requests.text(file).replaceAll(PLACEHOLDER, "s3://darkroom/x/0-0123456789ab.png");

    Decoded decoded = Requests.read(json);

    assertThat(decoded).isInstanceOf(Decoded.Valid.class);
    assertThat(file.getFileName())
        .hasToString(((Decoded.Valid) decoded).request().id().value() + ".json");
  }

  @ParameterizedTest
  @MethodSource("good")
  void aPlaceholderNamesAnotherExample(Path file) {
    Requests.text(file)
        .lines()
        .filter(line -> line.contains("${output:"))
        .forEach(
            line -> {
              String id = line.replaceAll(".*\\$\\{output:(.*):\\d+}.*", "$1");
              assertThat(file.resolveSibling(id + ".json")).exists();
            });
  }

  @ParameterizedTest
  @MethodSource("bad")
  void aBadExampleHasSeveralViolations(Path file) {
    List<String> violations = Requests.violations(Requests.text(file));

    assertThat(violations).hasSizeGreaterThanOrEqualTo(2);
  }

  @Test
  void bothGeneratingModelsHaveAnExampleOfImageToImageAndOfInpainting() {
    for (String model : List.of("emoji-32", "emoji-64")) {
      List<String> repainted =
          good()
              .map(Requests::text)
              .filter(text -> text.contains("\"model\": \"" + model + "\""))
              .filter(text -> text.contains("\"image\""))
              .toList();

      assertThat(repainted).anyMatch(text -> text.contains("\"strength\""));
      assertThat(repainted).anyMatch(text -> text.contains("\"mask_image\""));
    }
  }

  @Test
  void theExamplesShowSeveralModelsAndSamplers() {
    String all = good().map(Requests::text).collect(Collectors.joining());

    assertThat(all)
        .contains(
            "emoji-32", "emoji-64", "emoji-sr4", "drums-8k", "mixture-1d", "prompt", "class_label");
    assertThat(all).contains("ddim", "ddpm", "\"euler\"", "euler_a", "heun", "dpmpp_2m");
    assertThat(all).contains("leading", "trailing", "use_karras_sigmas", "npy", "seeds");
    assertThat(bad()).isNotEmpty();
  }
}
