package io.darkroom.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.darkroom.engine.TextEncoder;
import io.darkroom.image.MalformedNpy;
import io.darkroom.image.Npy;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Shape;
import io.darkroom.model.Space;
import io.darkroom.model.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** The networks around the denoiser of a package from texts. */
@TestInstance(Lifecycle.PER_CLASS)
class TextPackageTest {
  private static final Path PACKAGES = Packages.PIPELINES.resolve("packages");
  private static final String PROMPT = "a watercolor painting of a castle by the sea, soft light";
  private OrtTextEncoder encoder;
  private OrtLatentCodec decoder;
  private ClipTokenizer tokenizer;

  @BeforeAll
  void open() throws BrokenPackage {
    Path folder = PACKAGES.resolve("sd-mini");
    tokenizer = ClipTokenizer.read(folder, 77);
    encoder = OrtTextEncoder.open(folder, 77, Packages.ONE_THREAD);
    decoder = OrtLatentCodec.open(folder, Space.latents(2, 0.18215), Packages.ONE_THREAD);
  }

  @AfterAll
  void close() {
    encoder.close();
    decoder.close();
  }

  @Test
  void aTextsStatesDoNotDependOnItsNeighbours() {
    long[] prompt = tokenizer.encode(PROMPT).ids();
    long[] empty = tokenizer.encode("").ids();
    List<float[]> both = encoder.encode(List.of(prompt, empty));
    assertThat(both.get(0)).hasSize(77 * 32);
    assertThat(both.get(1)).isNotEqualTo(both.get(0));
    assertThat(encoder.encode(List.of(empty, prompt)).get(1)).containsExactly(both.get(0));
    assertThat(encoder.encode(List.of(prompt)).get(0)).containsExactly(both.get(0));
  }

  @Test
  void idsOf32BitsAreTheSameIds() throws BrokenPackage {
    long[] prompt = tokenizer.encode(PROMPT).ids();
    try (OrtTextEncoder narrow =
        OrtTextEncoder.open(PACKAGES.resolve("sd-mini-steps"), 77, Packages.ONE_THREAD)) {
      assertThat(encode(narrow, prompt)).containsExactly(encode(encoder, prompt), within(1e-6f));
    }
  }

  @Test
  void aTextThatIsNotAsLongAsTheWindowIsABug() {
    assertThatThrownBy(() -> encoder.encode(List.of(new long[76])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("token ids: must be 77, are 76");
  }

  @Test
  void latentsBecomeTheReferencesPicture() throws IOException, MalformedNpy {
    float[] latents = golden("latents").floats();
    float[] image = golden("image").floats();
    Tensor picture = decoder.decode(new Tensor(latents, new Shape(4, 32, 32)));
    assertThat(picture.shape()).isEqualTo(new Shape(3, 64, 64));
    for (int c = 0; c < 3; c++) {
      for (int i = 0; i < 64 * 64; i++) {
        float value = picture.values()[c * 64 * 64 + i] / 2 + 0.5f;
        float clamped = Math.max(0, Math.min(1, value));
        assertThat(clamped).isCloseTo(image[i * 3 + c], within(2e-5f));
      }
    }
  }

  @Test
  void picturesOfSeveralSizesAreDecoded() {
    Tensor wide = decoder.decode(new Tensor(new float[4 * 8 * 24], new Shape(4, 8, 24)));
    assertThat(wide.shape()).isEqualTo(new Shape(3, 16, 48));
  }

  private static float[] encode(TextEncoder encoder, long[] ids) {
    return encoder.encode(List.of(ids)).get(0);
  }

  private static Npy golden(String name) throws IOException, MalformedNpy {
    Path file = Packages.PIPELINES.resolve("goldens/sd-02-ddim-negative/" + name + ".npy");
    return Npy.read(Files.readAllBytes(file), 1 << 20);
  }
}
