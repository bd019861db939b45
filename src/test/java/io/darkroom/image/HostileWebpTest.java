package io.darkroom.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.darkroom.image.UnreadablePicture.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Damaged WebP results: each is read or refused with a reason. As an input none is read. */
class HostileWebpTest {
  private static final ResultReader READER = new ResultReader(1 << 16, 1 << 20);
  private static final byte[] LOSSLESS = file(OptionalInt.empty());
  private static final byte[] LOSSY = file(OptionalInt.of(80));

  private static byte[] file(OptionalInt quality) {
    return WebpWriter.write(PictureReaderTest.smooth(), List.of(Xmp.GENERATED), quality);
  }

  @Test
  void picturesOfRequestsAreNotRead() {
    PictureReader inputs = new PictureReader(1 << 16, 1 << 20);
    for (byte[] file : List.of(LOSSLESS, LOSSY)) {
      UnreadablePicture refused =
          catchThrowableOfType(UnreadablePicture.class, () -> inputs.read(file));
      assertThat(refused.reason()).isEqualTo(Reason.UNSUPPORTED);
      assertThatThrownBy(() -> PictureHeader.of(file)).hasMessage("must be a PNG or JPEG file");
    }
  }

  @Property(tries = 500)
  void changedBytesAreReadOrRefused(
      @ForAll long seed, @ForAll boolean lossless, @ForAll @IntRange(min = 1, max = 20) int count) {
    byte[] file = (lossless ? LOSSLESS : LOSSY).clone();
    Random random = new Random(seed);
    for (int i = 0; i < count; i++) {
      file[random.nextInt(file.length)] = (byte) random.nextInt();
    }
    readOrRefused(file);
  }

  @Test
  void everyCutIsRefusedOrKeepsThePicture() throws Exception {
    Pixels whole = READER.read(LOSSLESS);
    for (int length = 12; length < LOSSLESS.length; length++) {
      try {
        assertThat(READER.read(Arrays.copyOf(LOSSLESS, length))).isEqualTo(whole);
      } catch (UnreadablePicture refused) {
        assertThat(refused.reason()).isEqualTo(Reason.DAMAGED);
      }
    }
  }

  @Test
  void sizesBeyondTheLimitAreRefusedFromTheHeader() {
    int at = indexOf(LOSSLESS, "VP8L") + 9;
    byte[] large = LOSSLESS.clone();
    Arrays.fill(large, at, at + 3, (byte) 0xff);
    UnreadablePicture refused =
        catchThrowableOfType(UnreadablePicture.class, () -> READER.read(large));
    assertThat(refused.reason()).isEqualTo(Reason.TOO_LARGE);
    assertThat(refused).hasMessageStartingWith("must have at most 65536 pixels, is 16384 x ");
    assertThat(new ResultReader(1 << 16, 100))
        .satisfies(
            small -> assertThatThrownBy(() -> small.read(LOSSY)).hasMessageContaining("100"));
  }

  @Test
  void otherKindsOfFilesAreNamed() {
    byte[] animated = LOSSLESS.clone();
    System.arraycopy(ascii("ANIM"), 0, animated, indexOf(animated, "VP8L"), 4);
    assertThatThrownBy(() -> READER.read(animated))
        .hasMessage("WebP: must be a still image without transparency");
    byte[] none = LOSSLESS.clone();
    System.arraycopy(ascii("none"), 0, none, indexOf(none, "VP8L"), 4);
    assertThatThrownBy(() -> READER.read(none)).hasMessage("WebP: has no picture");
    byte[] transparent = LOSSLESS.clone();
    transparent[indexOf(transparent, "VP8L") + 12] |= 0x10;
    assertThatThrownBy(() -> READER.read(transparent))
        .hasMessage("WebP: must be lossless of version 0 without transparency");
  }

  private static void readOrRefused(byte[] file) {
    try {
      assertThat(READER.read(file).channels()).isEqualTo(3);
    } catch (UnreadablePicture refused) {
      assertThat(refused.getMessage())
          .matches("(WebP: |must |cannot be decoded as |is damaged: ).*")
          .doesNotContain("Exception", "java", "@", "null");
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static int indexOf(byte[] file, String name) {
    return new String(file, StandardCharsets.ISO_8859_1).indexOf(name);
  }
}
