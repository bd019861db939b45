package io.darkroom.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JsonConfigTest {

  @Test
  void valuesHaveJavasTypes() throws DamagedConfig {
    assertThat(read("{'a':1,'b':1.5,'c':1e-4,'d':true,'e':'x','f':[1,[2.0]],'g':{'h':3000000000}}"))
        .isEqualTo(
            Map.of(
                "a",
                1,
                "b",
                1.5,
                "c",
                1e-4,
                "d",
                true,
                "e",
                "x",
                "f",
                List.of(1, List.of(2.0)),
                "g",
                Map.of("h", 3_000_000_000L)));
  }

  @Test
  void nullEqualsAMissingKey() throws DamagedConfig {
    assertThat(read("{'a':null,'b':[null,1,null],'c':{'d':null}}"))
        .isEqualTo(Map.of("b", List.of(1), "c", Map.of()));
  }

  @Test
  void nanAndInfinityOfPythonAreNumbers() throws DamagedConfig {
    assertThat(read("{'a':-Infinity,'b':Infinity,'c':NaN}"))
        .isEqualTo(
            Map.of("a", Double.NEGATIVE_INFINITY, "b", Double.POSITIVE_INFINITY, "c", Double.NaN));
  }

  @Test
  void numbersBeyondADoubleAreInfiniteOrZeroAsInPython() throws DamagedConfig {
    assertThat(read("{'a':1E+99999999999,'b':-1e400,'c':1.0e-2147483647,'d':0e99999999999}"))
        .isEqualTo(
            Map.of(
                "a", Double.POSITIVE_INFINITY, "b", Double.NEGATIVE_INFINITY, "c", 0.0, "d", 0.0));
  }

  @Test
  void writtenValuesAreReadBack() throws DamagedConfig {
    Map<String, Object> fields = Map.of("a", List.of("\u00e9\"\n", 1.5, Map.of("b", true)));

    assertThat(read(JsonConfig.write(fields))).isEqualTo(fields);
  }

  @Test
  void anUnreadableFileIsNamed() {
    assertRefused("", "unet/config.json: is empty");
    assertRefused("[]", "unet/config.json: must be an object, is an array");
    assertRefused("{'a':1,'a':2}", "unet/config.json: is not JSON: has the field a twice");
    assertRefused("{'a':", "unet/config.json: is not JSON: ends too early");
    assertRefused("[".repeat(65), "unet/config.json: must be at most 64 levels deep");
  }

  static Stream<Path> packaged() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("src/main/models"))) {
      return files.filter(file -> file.toString().endsWith(".json")).toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("packaged")
  void theStarterPackagesFilesAreRead(Path file) throws Exception {
    assertThat(JsonConfig.read(file.toString(), Files.readAllBytes(file))).isNotEmpty();
  }

  private static Map<String, Object> read(String json) throws DamagedConfig {
    return JsonConfig.read("unet/config.json", json.replace('\'', '"').getBytes(UTF_8));
  }

  private static void assertRefused(String json, String message) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(DamagedConfig.class)
        .hasMessageStartingWith(message);
  }
}
