package io.darkroom.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

public class SimulateCommandTest {
  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(Object... args) {
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(
            Stream.concat(Stream.of("simulate"), Stream.of(args))
                .map(Object::toString)
                .toArray(String[]::new));
  }

  /** The page's table is what the command prints; the picture beside it, what it draws. */
  @Test
  void thePageShowsWhatTheCommandPrints() throws Exception {
    Path picture = folder.resolve("scaling.svg");
    assertThat(run("--picture", picture)).isZero();

    assertThat(Files.readString(Path.of("src/docs/fleet.md"))).contains(out.toString());
    assertThat(Files.readString(picture))
        .isEqualTo(Files.readString(Path.of("src/docs/scaling.svg")));
  }

  @Test
  void aRecordedTraceIsComparedByItsName() throws Exception {
    Path trace = Files.writeString(folder.resolve("mine.csv"), "0,10,fox\n5,400,map\n");

    assertThat(run("--trace", trace, "--start", "10,10", "--target-wait", "60", "--by-model"))
        .isZero();

    assertThat(out.toString()).contains("| mine.csv | lag ", "| mine.csv | device seconds ");
    assertThat(out.toString())
        .contains("| mine.csv | lag            | fox   |        1 |", "| map   |        1 |");
  }

  @Test
  void unusableArgumentsAreOneLine() {
    assertThat(run("--target-wait", "0")).isEqualTo(2);
    assertThat(run("--max-workers", "0")).isEqualTo(2);
    assertThat(run("--start", "90,30")).isEqualTo(2);

    assertThat(err.toString().lines())
        .containsExactly(
            "darkroom: --target-wait: must be above 0, is 0.0 (darkroom simulate --help for usage)",
            "darkroom: --max-workers: must be 1 or more, is 0 (darkroom simulate --help for usage)",
            "darkroom: --start: must be the shortest and the longest, is [90.0, 30.0] (darkroom"
                + " simulate --help for usage)");
  }
}
