package io.darkroom.plan;

import java.util.OptionalInt;

/** What a network is told beside the sample and the timestep. */
public sealed interface Condition {

  /** Nothing. */
  record None() implements Condition {}

  /**
   * A class label.
   *
   * @param label index
   * @param nullLabel index of "no label", there where guidance is on
   */
  record Label(int label, OptionalInt nullLabel) implements Condition {}

  /** Texts for the encoder; the negative one is used where guidance is on. */
  record Text(String prompt, String negativePrompt) implements Condition {}

  /** A small picture, enlarged; with so many steps of noise added first. */
  record LowResolution(int noiseLevel) implements Condition {}
}
