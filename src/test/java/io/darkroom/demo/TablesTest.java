package io.darkroom.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TablesTest {

  @Test
  void aPictureIsARow() {
    Notice notice = SampleNotices.completed("cat", "ab".repeat(32));
    Picture picture = new Picture("cat", 0, false, notice.data().at("/outputs/0"), notice.data());

    List<String> lines = Tables.pictures(List.of(picture)).lines().toList();

    assertThat(cells(lines.get(1)))
        .containsExactly(
            "request", "model", "sampler", "steps", "seed", "queued ms", "ms", "object", "SHA-256");
    assertThat(cells(lines.get(3)))
        .containsExactly(
            "cat",
            "emoji-32",
            "EulerDiscrete",
            "20",
            "18446744073709551615",
            "1000",
            "234",
            "s3://darkroom/renders/cat/0-0123456789ab.png",
            "ab".repeat(32));
  }

  @Test
  void everyViolationIsARow() {
    Map<String, Notice> ended = new LinkedHashMap<>();
    ended.put("bad-one", SampleNotices.rejected("bad-one"));
    ended.put("good", SampleNotices.completed("good"));
    ended.put("ill", SampleNotices.failed("ill"));

    List<String> lines = Tables.refusals(ended).lines().toList();

    assertThat(lines.subList(3, 6).stream().map(TablesTest::cells))
        .containsExactly(
            List.of("bad-one", "rejected (invalid)", "/colour", "is not a field"),
            List.of(
                "bad-one", "rejected (invalid)", "/num_inference_steps", "must be 1 to 1000, is 0"),
            List.of("ill", "failed (numeric)", "", "NaN"));
  }

  @Test
  void withoutViolationsNoTableIsPrinted() {
    assertThat(Tables.refusals(Map.of("good", SampleNotices.completed("good")))).isEmpty();
  }

  private static List<String> cells(String line) {
    return List.of(line.substring(1, line.length() - 1).split("\\|", -1)).stream()
        .map(String::strip)
        .toList();
  }
}
