package io.darkroom.job;

import java.util.Optional;

/**
 * A model package as a request names it.
 *
 * @param name the package's name
 * @param sha256 the digest the package must have, 64 hexadecimal digits, where the request pins it
 */
public record ModelRef(String name, Optional<String> sha256) {

  /** The form {@code name} or {@code name@sha256:...}. */
  @Override
  public String toString() {
    return name + sha256.map(digest -> "@sha256:" + digest).orElse("");
  }
}
