package io.darkroom.diffusion.noise;

/**
 * The noise of a tile: draws are made for the whole picture, and the tile gets its rectangle. The
 * numbers of a tile are therefore those of the picture and independent of other tiles. Each tile
 * has its own generator with the picture's seed. Not thread-safe.
 */
public final class CutNoise implements NoiseSource {
  private final NoiseSource whole;
  private final Cut cut;

  /**
   * Creates the noise of a tile.
   *
   * @param whole the noise of the picture; other tiles may share it, one draw after the other
   */
  public CutNoise(NoiseSource whole, Cut cut) {
    this.whole = whole;
    this.cut = cut;
  }

  @Override
  public void fill(float[] out) {
    check(out.length);
    whole.fill(cut, out);
  }

  @Override
  public void fillShared(float[] out) {
    check(out.length);
    whole.fillShared(cut, out);
  }

  @Override
  public void skip(int draws, long size) {
    check(size);
    whole.skip(draws, cut.size());
  }

  private void check(long size) {
    if (size != cut.elements()) {
      throw new IllegalArgumentException(
          "draw: must have the %d elements of the tile, has %d".formatted(cut.elements(), size));
    }
  }
}
