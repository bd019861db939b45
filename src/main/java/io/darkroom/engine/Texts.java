package io.darkroom.engine;

/** Token ids of a prompt and its negative, each as long as the encoder's window. Read only. */
public final class Texts {
  private final long[] prompt;
  private final long[] negativePrompt;

  public Texts(long[] prompt, long[] negativePrompt) {
    this.prompt = prompt;
    this.negativePrompt = negativePrompt;
  }

  /** Ids of the prompt. */
  public long[] prompt() {
    return prompt;
  }

  /** Ids of the negative prompt. */
  public long[] negativePrompt() {
    return negativePrompt;
  }
}
