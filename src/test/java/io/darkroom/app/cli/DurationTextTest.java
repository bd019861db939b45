package io.darkroom.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.DurationConverter;
import java.time.format.DateTimeParseException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"", "0s", "30", "250ms", "30s", "10m", "24h", "1h30m", "2d", "PT5M", "pt1s"})
  void durationsAreParsedAsByQuarkus(String text) {
    assertThat(new DurationText().convert(text)).isEqualTo(new DurationConverter().convert(text));
  }

  @Test
  void invalidDurationsAreRefused() {
    for (String nonsense : new String[] {"soon", "3 apples"}) {
      assertThatThrownBy(() -> new DurationText().convert(nonsense))
          .isInstanceOf(DateTimeParseException.class);
    }
  }
}
