package io.darkroom.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BlockMeansTest {

  @Test
  void eachElementIsTheMeanOfItsBlockAlsoAtTheEdges() {
    float[] picture = {1, 3, 5, 99, 5, 7, 9, 99, 2, 4, 8, 99, 99, 99, 99, 99};
    BlockMeans means = new BlockMeans(1, 4, 4, 3, 3, 2);
    float[] small = new float[means.smallSize()];

    means.shrink(picture, small);

    assertThat(means.smallWidth()).isEqualTo(2);
    assertThat(means.smallHeight()).isEqualTo(2);
    assertThat(small).containsExactly(4, 7, 3, 8);
  }

  @Test
  void aFactorOfOneCopiesThePart() {
    float[] picture = {1, 2, 3, 4, 5, 6, 7, 8};
    float[] small = new float[2];

    new BlockMeans(2, 2, 2, 1, 1, 1).shrink(picture, small);

    assertThat(small).containsExactly(1, 5);
  }

  @Test
  void aPartOfLargerPicturesIsShrunk() {
    float[] film = new float[2 * 3 * 4];
    for (int i = 0; i < film.length; i++) {
      film[i] = i;
    }
    float[] small = new float[2];

    new BlockMeans(2, 3 * 2, 2, 2, 2, 2).shrink(film, 4, small);

    assertThat(small).containsExactly(5.5f, 17.5f);
  }

  @Property(tries = 300)
  void theSmallestFactorThatFitsIsChosen(
      @ForAll @IntRange(min = 1, max = 5000) int rows,
      @ForAll @IntRange(min = 1, max = 5000) int columns,
      @ForAll @IntRange(min = 1, max = 300) int longest) {
    BlockMeans means = new BlockMeans(3, rows, columns, rows, columns, 1).withLongestSide(longest);

    assertThat(Math.max(means.smallHeight(), means.smallWidth())).isBetween(1, longest);
    if (means.factor() > 1) {
      BlockMeans less = new BlockMeans(3, rows, columns, rows, columns, means.factor() - 1);
      assertThat(Math.max(less.smallHeight(), less.smallWidth())).isGreaterThan(longest);
    }
  }

  @Test
  void aPartOutsideThePictureIsRefused() {
    assertThatThrownBy(() -> new BlockMeans(3, 8, 8, 8, 9, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a part of an image must lie in it: 8 x 9 of 3 x 8 x 8 by 1");
  }
}
