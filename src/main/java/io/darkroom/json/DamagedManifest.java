package io.darkroom.json;

import io.darkroom.job.Violation;
import java.util.List;

/** Thrown if a stored object is not a valid manifest. */
public final class DamagedManifest extends Exception {
  private static final long serialVersionUID = 1L;

  DamagedManifest(String reason) {
    super("manifest: " + reason);
  }

  DamagedManifest(List<Violation> violations) {
    this(first(violations.get(0)) + more(violations));
  }

  private static String first(Violation violation) {
    String pointer = violation.pointer();
    return (pointer.isEmpty() ? "" : pointer + ": ") + violation.message();
  }

  private static String more(List<Violation> violations) {
    int more = violations.size() - 1;
    return more == 0 ? "" : ", and " + more + " more";
  }
}
