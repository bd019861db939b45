package io.darkroom.replay;

import io.darkroom.image.EmbeddedText;
import io.darkroom.image.PictureReader;
import io.darkroom.image.Pixels;
import io.darkroom.image.PngTextReader;
import io.darkroom.image.UnreadablePicture;
import io.darkroom.job.Fingerprint;
import io.darkroom.job.RenderRequest;
import io.darkroom.json.DamagedManifest;
import io.darkroom.json.Decoded;
import io.darkroom.json.ManifestCodec;
import io.darkroom.json.RequestCodec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * A PNG file with its pixels and texts.
 *
 * @param pixels decoded to three channels
 */
record StoredPicture(Pixels pixels, List<EmbeddedText> texts) {
  /** The text with the effective request. */
  static final String REQUEST = "darkroom.request";

  /** The text with the fingerprint of the last stage. */
  static final String FINGERPRINT = "darkroom.fingerprint";

  /** Reads pictures of any size that a worker makes. */
  static final PictureReader READER = new PictureReader(1L << 28, 1L << 30);

  StoredPicture {
    texts = List.copyOf(texts);
  }

  /**
   * Decodes a file.
   *
   * @throws UnreadablePicture if it is no PNG file, or damaged
   */
  static StoredPicture read(byte[] file) throws UnreadablePicture {
    return new StoredPicture(READER.read(file), PngTextReader.read(file));
  }

  /** Returns a text; empty if the file does not have it. */
  Optional<String> text(String keyword) {
    return texts.stream()
        .filter(text -> text.keyword().equals(keyword))
        .map(EmbeddedText::text)
        .findFirst();
  }

  /** Returns the fingerprint in the file; empty if there is none, or an invalid one. */
  Optional<Fingerprint> fingerprint() {
    try {
      Optional<String> text = text(FINGERPRINT);
      return text.isEmpty()
          ? Optional.empty()
          : Optional.of(new ManifestCodec().readFingerprint(text.get()));
    } catch (DamagedManifest invalid) {
      return Optional.empty();
    }
  }

  /** Returns the request in the file; empty if there is none, or an invalid one. */
  Optional<RenderRequest> request() {
    RequestCodec codec = new RequestCodec(RequestCodec.DEFAULT_MAX_BYTES);
    return text(REQUEST)
        .map(text -> codec.read(text.getBytes(StandardCharsets.UTF_8), "application/json"))
        .filter(Decoded.Valid.class::isInstance)
        .map(decoded -> ((Decoded.Valid) decoded).request());
  }
}
