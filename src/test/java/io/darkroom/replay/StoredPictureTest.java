package io.darkroom.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.darkroom.image.DeepPixels;
import io.darkroom.image.EmbeddedText;
import io.darkroom.image.JpegWriter;
import io.darkroom.image.Pixels;
import io.darkroom.image.PngWriter;
import io.darkroom.image.WebpWriter;
import io.darkroom.text.Sha256;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What a stored picture tells about the content that a manifest records. */
class StoredPictureTest {
  private static final Pixels COLOUR = new Pixels(2, 1, 3, new byte[] {1, 2, 3, 4, 5, 6});
  private static final List<EmbeddedText> NONE = List.of();

  @Test
  void losslessFilesHaveAPixelDigest() throws Exception {
    for (byte[] file :
        List.of(
            PngWriter.write(COLOUR, NONE, 3, Optional.empty()),
            WebpWriter.write(COLOUR, NONE, OptionalInt.empty()))) {
      assertThat(StoredPicture.read(file).contentSha256(3)).contains(COLOUR.sha256());
    }
  }

  @Test
  void greyFilesTellTheDigestOfOneChannel() throws Exception {
    Pixels grey = new Pixels(2, 1, 1, new byte[] {7, -1});
    byte[] file = PngWriter.write(grey, NONE, 3, Optional.empty());
    assertThat(StoredPicture.read(file).contentSha256(1)).contains(grey.sha256());
  }

  @Test
  void lossyFilesHaveNoPixelDigest() throws Exception {
    for (byte[] file :
        List.of(
            JpegWriter.write(COLOUR, NONE, 90),
            WebpWriter.write(COLOUR, NONE, OptionalInt.of(90)))) {
      assertThat(StoredPicture.read(file).contentSha256(3)).isEmpty();
    }
  }

  @Test
  void filesOf16BitsTellTheDigestOfTheirNumbers() throws Exception {
    float[] values = {300, 65535};
    byte[] file = PngWriter.write(DeepPixels.of(values, 1, 1, 2), NONE, 3, Optional.empty());
    StoredPicture picture = StoredPicture.read(file);
    assertThat(picture.contentSha256(1)).contains(Sha256.of(values));
  }

  @Test
  void onlyAPngFileIsReadWithItsTexts() throws Exception {
    EmbeddedText text = new EmbeddedText("darkroom.request", "{}");
    assertThat(StoredPicture.readPng(PngWriter.write(COLOUR, List.of(text), 3)).texts())
        .containsExactly(text);
    byte[] webp = WebpWriter.write(COLOUR, List.of(text), OptionalInt.empty());
    assertThat(StoredPicture.read(webp).texts()).isEmpty();
    assertThatThrownBy(() -> StoredPicture.readPng(webp))
        .hasMessage("PNG: must begin with its signature");
  }
}
