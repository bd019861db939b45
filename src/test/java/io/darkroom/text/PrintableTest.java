package io.darkroom.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {

  @Test
  void aPlainWordIsNotChanged() {
    assertThat(Printable.logValue("darkroom.requests/0/17")).isEqualTo("darkroom.requests/0/17");
  }

  @Test
  void lineBreaksAndSeparatorsInValuesAreEscaped() {
    assertThat(Printable.logValue("cat\r\nERROR worker ends\u2028\u001b[31m\0"))
        .isEqualTo("\"cat??ERROR worker ends??[31m?\"");
    assertThat(Printable.logValue("cat outcome=completed")).isEqualTo("\"cat outcome=completed\"");
    assertThat(Printable.logValue("cat\" outcome=\"x")).isEqualTo("\"cat? outcome=?x\"");
    assertThat(Printable.logValue("a=b")).isEqualTo("\"a=b\"");
    assertThat(Printable.logValue("")).isEqualTo("\"\"");
  }

  @Test
  void bidirectionalControlsAreRemoved() {
    assertThat(Printable.logValue("cat\u202egnp")).isEqualTo("cat?gnp");
    assertThat(Printable.logValue("\ud800")).isEqualTo("?");
  }

  @Test
  void aLongValueIsCut() {
    assertThat(Printable.logValue("\ud83d\ude00".repeat(300)))
        .isEqualTo("\ud83d\ude00".repeat(200) + "...");
  }

  @Test
  void aLineKeepsQuotesAndIsCutAtTheGivenLength() {
    assertThat(Printable.line("a \"cat\"\ttwo\nthree\u2029\ue000"))
        .isEqualTo("a \"cat\"?two?three??");
    assertThat(Printable.line("\ud83d\ude00\ud83d\ude00", 2)).isEqualTo("\ud83d\ude00\ud83d\ude00");
    assertThat(Printable.line("abc", 2)).isEqualTo("ab...");
  }
}
