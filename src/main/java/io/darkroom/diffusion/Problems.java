package io.darkroom.diffusion;

import io.darkroom.diffusion.InvalidSampling.Problem;
import io.darkroom.text.Printable;
import java.util.ArrayList;
import java.util.List;

/** Collects problems so that all of them are reported together. */
public final class Problems {
  private static final int LONGEST = 60;

  private final List<Problem> found = new ArrayList<>();

  public void add(String pointer, String message) {
    found.add(new Problem(pointer, message));
  }

  /** Adds the problem {@code must be RULE, is VALUE}. Text is quoted and long values are cut. */
  public void mustBe(String pointer, String rule, Object value) {
    String written = value instanceof String ? "\"" + value + "\"" : String.valueOf(value);
    add(pointer, "must be " + rule + ", is " + Printable.line(written, LONGEST));
  }

  public void throwIfAny() throws InvalidSampling {
    if (!found.isEmpty()) {
      throw new InvalidSampling(found);
    }
  }

  /** Escapes one token of a JSON pointer (RFC 6901, section 3). */
  public static String token(String key) {
    return key.replace("~", "~0").replace("/", "~1");
  }
}
