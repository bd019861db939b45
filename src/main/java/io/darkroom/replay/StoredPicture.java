package io.darkroom.replay;

import io.darkroom.image.AnimatedPngReader;
import io.darkroom.image.DeepPngReader;
import io.darkroom.image.EmbeddedText;
import io.darkroom.image.MagicBytes;
import io.darkroom.image.Pixels;
import io.darkroom.image.PngTextReader;
import io.darkroom.image.ResultReader;
import io.darkroom.image.UnreadablePicture;
import io.darkroom.job.Fingerprint;
import io.darkroom.job.RenderRequest;
import io.darkroom.json.DamagedManifest;
import io.darkroom.json.Decoded;
import io.darkroom.json.FingerprintCodec;
import io.darkroom.text.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * A stored picture with its pixels and texts.
 *
 * @param pixels decoded to three channels of 8 bits
 * @param transparentSha256 digest of the pixels of a PNG file with an opacity, including it
 * @param numbersSha256 digest of the samples of a PNG file with 16 bits or with several frames
 * @param lossless whether the pixels are those that were encoded
 * @param texts texts of a PNG file
 */
record StoredPicture(
    Pixels pixels,
    Optional<String> transparentSha256,
    Optional<String> numbersSha256,
    boolean lossless,
    List<EmbeddedText> texts) {
  /** The text with the effective request. */
  static final String REQUEST = "darkroom.request";

  /** The text with the fingerprint of the last stage. */
  static final String FINGERPRINT = "darkroom.fingerprint";

  private static final long MOST_PIXELS = 1L << 28;

  /** Reads pictures of any size that a worker makes. */
  private static final ResultReader READER = new ResultReader(MOST_PIXELS, 1L << 30);

  StoredPicture {
    texts = List.copyOf(texts);
  }

  /**
   * Decodes a PNG file with its texts.
   *
   * @throws UnreadablePicture if it is no PNG file, or damaged
   */
  static StoredPicture readPng(byte[] file) throws UnreadablePicture {
    return read(file, PngTextReader.read(file));
  }

  /**
   * Decodes a file; only of a PNG file the texts are read.
   *
   * @throws UnreadablePicture if it is no picture, or damaged
   */
  static StoredPicture read(byte[] file) throws UnreadablePicture {
    return MagicBytes.isPng(file) ? readPng(file) : read(file, List.of());
  }

  private static StoredPicture read(byte[] file, List<EmbeddedText> texts)
      throws UnreadablePicture {
    return new StoredPicture(
        READER.read(file),
        READER.readTransparent(file).map(Pixels::sha256),
        numbersSha256(file),
        ResultReader.lossless(file),
        texts);
  }

  private static Optional<String> numbersSha256(byte[] file) throws UnreadablePicture {
    Optional<byte[]> frames = AnimatedPngReader.read(file, MOST_PIXELS);
    return frames.isPresent()
        ? frames.map(Sha256::of)
        : DeepPngReader.read(file, MOST_PIXELS).map(Sha256::of);
  }

  /**
   * Returns the digest of the content as a manifest records it for a result with a number of
   * channels; empty if the file does not tell it, because it is lossy.
   */
  Optional<String> contentSha256(int channels) {
    if (numbersSha256.isPresent() || !lossless) {
      return numbersSha256;
    }
    if (transparentSha256.isPresent()) {
      return transparentSha256;
    }
    return Optional.of((channels == 1 ? pixels.toGrey() : pixels).sha256());
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
      return text.isEmpty() ? Optional.empty() : Optional.of(FingerprintCodec.read(text.get()));
    } catch (DamagedManifest invalid) {
      return Optional.empty();
    }
  }

  /** Returns the request in the file; empty if there is none, or an invalid one. */
  Optional<RenderRequest> request() {
    return text(REQUEST)
        .map(
            text ->
                ManifestCheck.CODEC.read(text.getBytes(StandardCharsets.UTF_8), "application/json"))
        .filter(Decoded.Valid.class::isInstance)
        .map(decoded -> ((Decoded.Valid) decoded).request());
  }
}
