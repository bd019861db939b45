package io.darkroom.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.darkroom.job.JobId;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ControlCodecTest {
  private static final ControlCodec CODEC = new ControlCodec();

  private static Control read(String json) {
    return CODEC.read(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aCancelNamesItsRequest() {
    assertThat(read("{'request_id':'cat-1','action':'cancel'}"))
        .isEqualTo(new Control.Cancel(new JobId("cat-1")));
  }

  @Test
  void unknownFieldsAreIgnored() {
    assertThat(read("{'request_id':'cat-1','action':'cancel','reason':'misprint'}"))
        .isEqualTo(new Control.Cancel(new JobId("cat-1")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1E+99999999999", "1.0e-2147483647", "0e99999999999", "1e999999999"})
  void hugeNumbersGiveAResult(String number) {
    assertThat(read("{'request_id':'a','action':'cancel','x':" + number + "}"))
        .isEqualTo(new Control.Cancel(new JobId("a")));
    assertThat(read("{'request_id':" + number + ",'action':'cancel'}"))
        .isInstanceOfSatisfying(
            Control.Unusable.class,
            unusable -> assertThat(unusable.reason()).startsWith("/request_id: must be "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | is empty",
        "cancel | is not JSON",
        "[] | must be",
        "{} | request_id",
        "{'request_id':'cat'} | action",
        "{'request_id':'cat','action':'pause'} | /action",
        "{'request_id':7,'action':'cancel'} | /request_id",
        "{'request_id':'../cat','action':'cancel'} | /request_id",
        "{'request_id':'','action':'cancel'} | /request_id"
      })
  void aMessageThatIsNotAControlMessageHasAReason(String json, String part) {
    assertThat(read(json))
        .isInstanceOfSatisfying(
            Control.Unusable.class, unusable -> assertThat(unusable.reason()).contains(part));
  }

  @Property(tries = 1000)
  void randomBytesGiveAResult(@ForAll byte[] bytes) {
    assertThat(CODEC.read(bytes)).isNotNull();
  }
}
