package io.darkroom;

/** x. */
public final class Darkroom {
  private Darkroom() {}

  public static void main(String[] args) {}
}
