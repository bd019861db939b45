package io.darkroom.render;

import io.darkroom.image.OutputFormats;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Addresses of inline input images: {@code <folder>inputs/<first 12 digits of its SHA-256>.<ext>},
 * so that an effective request can name them.
 */
final class InlineInputs {
  private static final Pattern KEY =
      Pattern.compile("(?:.*/)?inputs/([0-9a-f]{12})\\.(?:png|jpeg)");

  private InlineInputs() {}

  /**
   * Returns the address of an image.
   *
   * @param folder folder of the request's objects
   * @param format {@code png} or {@code jpeg}
   */
  static ObjectUri address(ObjectUri folder, String sha256, String format) {
    String name = sha256.substring(0, OutputWriter.NAME_DIGITS);
    return folder.child("inputs/" + name + "." + format);
  }

  static String mediaType(ObjectUri address) {
    String key = address.key();
    return OutputFormats.mediaType(key.substring(key.lastIndexOf('.') + 1));
  }

  /**
   * Returns whether an address has this form and the request gives the digest of the image. Reading
   * such an image is always allowed, because only someone who has the image knows its digest.
   */
  static boolean named(ObjectUri uri, Optional<String> sha256) {
    Matcher key = KEY.matcher(uri.key());
    return sha256.isPresent() && key.matches() && sha256.get().startsWith(key.group(1));
  }
}
