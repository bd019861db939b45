package io.darkroom.engine;

/**
 * The part of the denoising network that an evaluation runs. Rows of different passes cannot share
 * a call.
 *
 * @param kind the part
 * @param depth skip connection at which the network is split, from 1; 0 if it is not split
 */
public record Pass(Kind kind, int depth) {
  /** The network as it is. */
  public static final Pass WHOLE = new Pass(Kind.WHOLE, 0);

  /** Parts of a network. */
  public enum Kind {
    /** The network as it is. */
    WHOLE,
    /** The network, which also gives the deep feature. */
    FULL,
    /** The part that takes the deep feature of the last full evaluation. */
    SHALLOW
  }

  /** Returns the name of the network with this pass, for measured costs. */
  String costName(String model) {
    return kind == Kind.WHOLE ? model : model + "/" + kind + depth;
  }
}
