package io.darkroom.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.GoldenPackages;
import io.darkroom.image.Medium;
import io.darkroom.model.BrokenPackage;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The medium of results for each order of the dimensions of samples. */
class MediumOfPackageTest {
  @TempDir Path folder;

  private Medium medium(String config, String... shape) throws Exception {
    return PackageReader.read(FilmPackage.write(folder.resolve("package"), config, shape))
        .card()
        .medium();
  }

  @Test
  void aSoundHasItsChannelsFirst() throws Exception {
    String sound =
        "{'sample_rate': 8000, 'sample_size': 64, 'size_multiple': 1, 'sample_shape': %s}";
    assertThat(medium(sound.formatted("[2, 'sample_size']").replace('\'', '"'), "2", "length"))
        .isEqualTo(Medium.sound(8000));
    assertThat(medium(sound.formatted("['sample_size', 2]").replace('\'', '"'), "length", "2"))
        .isEqualTo(Medium.tensor(1));
    assertThat(medium(sound.formatted("['sample_size']").replace('\'', '"'), "length"))
        .isEqualTo(Medium.sound(8000));
  }

  @Test
  void picturesOf16BitsHaveTheirChannelsFirst() throws Exception {
    assertThat(medium(data("[2, 'rows', 'columns']", "[1, 2]"), "2", "rows", "columns"))
        .isEqualTo(Medium.uint16(2));
    assertThat(medium(data("['rows', 'columns', 2]", "[1, 2]"), "rows", "columns", "2"))
        .isEqualTo(Medium.tensor(2));
    assertThat(medium(data("['rows', 'columns']", "[1]"), "rows", "columns"))
        .isEqualTo(Medium.tensor(2));
    assertThat(medium(data("['rows', 2]", "[1, 2]"), "rows", "2")).isEqualTo(Medium.uint16(1));
  }

  private static String data(String shape, String scales) {
    return """
        {'max_rows': 4, 'max_columns': 6, 'data_dtype': 'uint16', 'sample_shape': %s,
         'data_mean': %s, 'data_std': %s}
        """
        .formatted(shape, scales, scales)
        .replace('\'', '"');
  }

  @Test
  void sidesOfADecodersLatentsCannotFollowFromTensors() throws Exception {
    String config =
        "{\"sample_size\": 8, \"size_multiple\": 1, \"inputs\": {\"gain\": [\"width\"]}}";
    Path gained = FilmPackage.withInput(folder.resolve("gained"), config, "4", "height", "width");
    assertThat(PackageReader.read(gained).card().givenSides()).containsExactly("width");
    Path decoder = Files.createDirectories(gained.resolve("vae_decoder"));
    for (String file : new String[] {"config.json", "model.onnx"}) {
      Files.copy(
          GoldenPackages.folder("sd-mini").resolve("vae_decoder").resolve(file),
          decoder.resolve(file));
    }
    assertThatThrownBy(() -> PackageReader.read(gained))
        .isInstanceOf(BrokenPackage.class)
        .hasMessage(
            "gained: unet/config.json: inputs: must not name sides if there is a vae_decoder, has"
                + " width");
  }
}
