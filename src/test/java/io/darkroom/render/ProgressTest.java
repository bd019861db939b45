package io.darkroom.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Tests when the progress of a job is reported, with the clock of the test. */
class ProgressTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  /** For any durations of calls below a second. */
  @Property(tries = 200)
  void progressIsReportedAtLeastEveryTwoSeconds(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 60) int steps,
      @ForAll @IntRange(min = 1, max = 6) int images,
      @ForAll @IntRange(min = 1, max = 1000) int longestMillis) {
    SplittableRandom random = new SplittableRandom(seed);
    long longest = Duration.ofMillis(longestMillis).toNanos();
    FormulaRun formulaRun = FormulaRun.prompt(() -> random.nextLong(longest), new MemoryStore());

    formulaRun.render("'num_inference_steps':%d,'num_images':%d".formatted(steps, images));

    List<FormulaRun.Said> said = formulaRun.said();
    reportedEveryTwoSeconds(said);
    Progress last = said.get(said.size() - 1).progress();
    assertThat(last.done()).isEqualTo(last.wanted()).isEqualTo(steps * images);
  }

  @Property(tries = 50)
  void progressIsReportedWhileOthersHaveTheCalls(
      @ForAll @IntRange(min = 1, max = 999) int callMillis,
      @ForAll @IntRange(min = 1, max = 80) int overtakingSteps) {
    long call = Duration.ofMillis(callMillis).toNanos();
    FormulaRun formulaRun = FormulaRun.prompt(() -> call, new MemoryStore());

    formulaRun.render(
        "'num_inference_steps':5",
        "'width':16,'height':16,'num_inference_steps':" + overtakingSteps);

    List<FormulaRun.Said> said = formulaRun.said();
    assertThat(said.get(said.size() - 1).nanos()).isEqualTo((5 + overtakingSteps) * call);
    reportedEveryTwoSeconds(said);
  }

  @Test
  void progressBetweenBeginAndEndIsReportedOnceASecond() {
    FormulaRun formulaRun = FormulaRun.prompt(() -> SECOND / 10, new MemoryStore());

    formulaRun.render("'num_inference_steps':35");

    assertThat(formulaRun.said().stream().map(each -> each.progress().done()))
        .containsExactly(0, 10, 20, 30, 35);
  }

  @Test
  void theEndOfImagesThatEndTogetherIsReportedOnce() {
    FormulaRun formulaRun = FormulaRun.prompt(() -> SECOND / 10, new MemoryStore());

    formulaRun.render("'num_inference_steps':5,'num_images':3");

    assertThat(formulaRun.said().stream().map(each -> each.progress().done()))
        .containsExactly(0, 15);
  }

  @Test
  void aPreviewIsReportedAtOnce() {
    FormulaRun formulaRun = FormulaRun.prompt(() -> SECOND / 10, new MemoryStore());

    formulaRun.render("'num_inference_steps':35,'preview_every':4");

    assertThat(formulaRun.said().stream().map(each -> each.progress().done()))
        .containsExactly(0, 4, 8, 12, 16, 20, 24, 28, 32, 35);
  }

  private static void reportedEveryTwoSeconds(List<FormulaRun.Said> said) {
    assertThat(said.get(0).started()).isTrue();
    for (int i = 1; i < said.size(); i++) {
      assertThat(said.get(i).started()).isFalse();
      assertThat(said.get(i).nanos() - said.get(i - 1).nanos()).isLessThan(2 * SECOND);
    }
  }
}
