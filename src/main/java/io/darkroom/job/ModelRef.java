package io.darkroom.job;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A reference to a model package in a request.
 *
 * @param name the package's name
 * @param sha256 the digest the package must have, 64 hexadecimal digits, if the request pins it
 */
public record ModelRef(String name, Optional<String> sha256) {
  /** The rule for names, for messages. */
  public static final String NAME_RULE =
      "1 to 128 letters, digits or . _ -, beginning with a letter or a digit";

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  /** Returns whether a text is a valid package name. */
  public static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  /** Returns {@code name} or {@code name@sha256:...}. */
  @Override
  public String toString() {
    return name + sha256.map(digest -> "@sha256:" + digest).orElse("");
  }
}
