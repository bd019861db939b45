package io.darkroom.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeapCheckTest {
  private static final long MEGAPIXEL = 1_000_000;
  private static final long GIGABYTE = 1_000_000_000;

  @Test
  void requestsThatFitCauseNoWarning() {
    assertThat(HeapCheck.problem(MEGAPIXEL, 4, 4, GIGABYTE)).isEmpty();
  }

  @Test
  void moreImagesThanFitAreNamed() {
    assertThat(HeapCheck.problem(MEGAPIXEL, 4, 32, GIGABYTE))
        .hasValueSatisfying(
            problem ->
                assertThat(problem)
                    .isEqualTo(
                        "darkroom.engine.slots: 32 of the largest images take up to 4992 MB,"
                            + " darkroom.memory.images allows 1000 MB: at most 6 are denoised"
                            + " at the same time"));
  }

  @Test
  void moreFinishedPicturesThanFitAreNamed() {
    assertThat(HeapCheck.problem(MEGAPIXEL, 64, 4, GIGABYTE))
        .contains(
            "darkroom.limits.images: the outputs of a request with 64 of the largest images take"
                + " up to 1536 MB, darkroom.memory.images allows 1000 MB: requests of more than 41"
                + " such images are rejected");
  }

  @Test
  void anImageThatDoesNotFitAloneIsNamed() {
    assertThat(HeapCheck.problem(100 * MEGAPIXEL, 1, 1, GIGABYTE))
        .hasValueSatisfying(
            problem ->
                assertThat(problem)
                    .startsWith(
                        "darkroom.limits.pixels: an image of 100000000 takes up to 15600 MB"));
  }
}
