package io.darkroom.image;

import java.util.Optional;

/**
 * Reads pictures that a worker stored as results: PNG, JPEG and WebP. Pictures of requests are read
 * by {@link PictureReader}.
 */
public final class ResultReader {
  private final PictureReader pictures;
  private final long maxPixels;
  private final long maxBytes;

  /**
   * Creates a reader with limits.
   *
   * @param maxPixels maximum width times height of a picture
   * @param maxBytes maximum length of a file
   */
  public ResultReader(long maxPixels, long maxBytes) {
    this.pictures = new PictureReader(maxPixels, maxBytes);
    this.maxPixels = maxPixels;
    this.maxBytes = maxBytes;
  }

  /**
   * Reads the picture in a file, as RGB with 8 bits.
   *
   * @throws UnreadablePicture if the file is not a complete picture within the limits
   */
  public Pixels read(byte[] file) throws UnreadablePicture {
    if (!MagicBytes.isWebp(file)) {
      return pictures.read(file);
    }
    if (file.length > maxBytes) {
      throw UnreadablePicture.tooLarge("must be at most " + maxBytes + " bytes, is " + file.length);
    }
    return WebpReader.read(file, maxPixels);
  }

  /**
   * Reads a PNG file with transparency, with 8 bits: its channels as stored, then its opacity.
   * Returns empty for other files.
   *
   * @throws UnreadablePicture if it is a PNG file, but not a complete picture within the limits
   */
  public Optional<Pixels> readTransparent(byte[] file) throws UnreadablePicture {
    return pictures.readTransparent(file);
  }

  /**
   * Returns whether the pixels of a file are those that were encoded.
   *
   * @throws UnreadablePicture if the file is a damaged WebP file
   */
  public static boolean lossless(byte[] file) throws UnreadablePicture {
    return MagicBytes.isPng(file) || (MagicBytes.isWebp(file) && WebpFrame.of(file).lossless());
  }
}
