package io.darkroom.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProfileTest {

  /** Milliseconds of a row in calls of 1, 2, 4, ... rows. */
  private static Profile profile(double... millis) {
    List<Profile.Point> points = new ArrayList<>();
    for (int i = 0; i < millis.length; i++) {
      points.add(new Profile.Point(1 << i, millis[i]));
    }
    return new Profile(points);
  }

  @Test
  void theSmallestBatchNearTheBestCostIsProposed() {
    assertThat(profile(1.8, 1.6, 1.4, 1.3, 1.29, 1.28).bestRows()).isEqualTo(8);
    assertThat(profile(1.8, 1.6, 1.4, 1.3, 1.0).bestRows()).isEqualTo(16);
  }

  @Test
  void anImageWithGuidanceAlwaysFits() {
    assertThat(profile(1.0, 1.1, 1.2).bestRows()).isEqualTo(2);
    assertThat(profile(5.0).bestRows()).isEqualTo(2);
    assertThat(Profile.NONE.bestRows()).isEqualTo(2);
  }

  @Test
  void aRowCostsWhatItDoesInTheBestCall() {
    assertThat(profile(1.8, 1.6, 1.4, 1.39).millisPerRow()).isEqualTo(1.4);
    assertThat(profile(5.0).millisPerRow()).isEqualTo(5);
    assertThat(Profile.NONE.millisPerRow()).isZero();
    assertThat(profile(1.8, 1.6)).hasToString("1:1.80 2:1.60");
  }
}
