package io.darkroom.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.darkroom.GoldenPackages;
import io.darkroom.engine.TextEncoder;
import io.darkroom.engine.Tokenizer;
import io.darkroom.image.MalformedNpy;
import io.darkroom.image.Npy;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.EncodedText;
import io.darkroom.model.Shape;
import io.darkroom.model.Space;
import io.darkroom.model.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** Tests the text encoders and decoders of text-to-image packages. */
@TestInstance(Lifecycle.PER_CLASS)
class TextPackageTest {
  private static final String PROMPT = "a watercolor painting of a castle by the sea, soft light";
  private OrtTextEncoder encoder;
  private OrtLatentCodec decoder;
  private LibraryTokenizer tokenizer;

  @BeforeAll
  void open() throws BrokenPackage {
    Path folder = GoldenPackages.folder("sd-mini");
    tokenizer = LibraryTokenizer.read(folder, Packages.CLIP);
    encoder = OrtTextEncoder.open(folder, Packages.CLIP, Packages.ONE_THREAD);
    decoder = OrtLatentCodec.open(folder, Space.latents(2, 0.18215), Packages.ONE_THREAD);
  }

  @AfterAll
  void close() {
    encoder.close();
    decoder.close();
  }

  @Test
  void aTextsStatesDoNotDependOnItsNeighbours() {
    Tokenizer.Tokens prompt = tokenizer.encode(PROMPT, 77);
    Tokenizer.Tokens empty = tokenizer.encode("", 77);
    float[] states = encode(encoder, prompt);
    assertThat(states).hasSize(77 * 32);
    assertThat(encode(encoder, empty)).isNotEqualTo(states);
    EncodedText behind = encoder.encode(List.of(empty, prompt)).get(1);
    assertThat(behind.output("last_hidden_state")).containsExactly(states);
  }

  @Test
  void textsOnSeveralLanesHaveTheSameStates() throws BrokenPackage {
    List<Tokenizer.Tokens> texts =
        Stream.of(PROMPT, "", "cat", "dog", PROMPT)
            .map(text -> tokenizer.encode(text, 77))
            .toList();
    List<EncodedText> expected = encoder.encode(texts);
    try (Lanes lanes = Lanes.of(3);
        OrtTextEncoder split =
            OrtTextEncoder.open(
                GoldenPackages.folder("sd-mini"), Packages.CLIP, Packages.ONE_THREAD.on(lanes))) {
      assertThat(split.encode(texts)).usingRecursiveComparison().isEqualTo(expected);
      assertThat(split.encode(List.of())).isEmpty();
      assertThat(split.answer()).isEqualTo(encoder.answer());
    }
  }

  @Test
  void idsOf32BitsAreTheSameIds() throws BrokenPackage {
    Tokenizer.Tokens prompt = tokenizer.encode(PROMPT, 77);
    try (OrtTextEncoder narrow =
        OrtTextEncoder.open(
            GoldenPackages.folder("sd-mini-steps"), Packages.CLIP, Packages.ONE_THREAD)) {
      assertThat(encode(narrow, prompt)).containsExactly(encode(encoder, prompt), within(1e-6f));
    }
  }

  @Test
  void decodedLatentsEqualTheReference() throws IOException, MalformedNpy {
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

  private static float[] encode(TextEncoder encoder, Tokenizer.Tokens text) {
    return encoder.encode(List.of(text)).get(0).output("last_hidden_state");
  }

  private static Npy golden(String name) throws IOException, MalformedNpy {
    Path file = Packages.PIPELINES.resolve("goldens/sd-02-ddim-negative/" + name + ".npy");
    return Npy.read(Files.readAllBytes(file), 1 << 20);
  }
}
