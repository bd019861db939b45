package io.darkroom.image;

import java.util.Optional;

/**
 * What a result takes over from the picture that it enlarges, past the network.
 *
 * @param opacity a grey picture of the size of the result; empty if it is opaque
 * @param profile the colour profile
 */
public record Carried(Optional<Pixels> opacity, Optional<IccProfile> profile) {
  /** Nothing is taken over. */
  public static final Carried NOTHING = new Carried(Optional.empty(), Optional.empty());
}
