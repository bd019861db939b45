package io.darkroom.job;

import java.util.regex.Pattern;

/**
 * The id of a request, chosen by its publisher: 1 to 128 characters, a letter or digit first, then
 * {@code [A-Za-z0-9._:-]}. It is a part of object names, so no other character is allowed.
 */
public record JobId(String value) {
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,127}");

  public JobId {
    if (!isValid(value)) {
      throw new IllegalArgumentException(
          "id: must be 1 to 128 of A-Z a-z 0-9 . _ : -, a letter or digit first");
    }
  }

  /** Returns whether a text is a valid id. */
  public static boolean isValid(String text) {
    return FORM.matcher(text).matches();
  }

  @Override
  public String toString() {
    return value;
  }
}
