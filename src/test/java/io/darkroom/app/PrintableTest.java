package io.darkroom.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {

  @Test
  void aPlainWordStaysAsItIs() {
    assertThat(Printable.of("darkroom.requests/0/17")).isEqualTo("darkroom.requests/0/17");
  }

  @Test
  void aValueCannotBeginALineOrAFact() {
    assertThat(Printable.of("cat\r\nERROR worker ends\u2028\u001b[31m\0"))
        .isEqualTo("\"cat??ERROR worker ends??[31m?\"");
    assertThat(Printable.of("cat outcome=completed")).isEqualTo("\"cat outcome=completed\"");
    assertThat(Printable.of("cat\" outcome=\"x")).isEqualTo("\"cat? outcome=?x\"");
    assertThat(Printable.of("a=b")).isEqualTo("\"a=b\"");
    assertThat(Printable.of("")).isEqualTo("\"\"");
  }

  @Test
  void whatTurnsTheReadingRoundIsNotShown() {
    assertThat(Printable.of("cat\u202egnp")).isEqualTo("cat?gnp");
    assertThat(Printable.of("\ud800")).isEqualTo("?");
  }

  @Test
  void aLongValueIsCut() {
    assertThat(Printable.of("\ud83d\ude00".repeat(300)))
        .isEqualTo("\ud83d\ude00".repeat(200) + "...");
  }
}
