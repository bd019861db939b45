package io.darkroom.bench;

import io.darkroom.Jvm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Runs {@link DecodeMemory} in a process for each figure, with and without tiles. */
final class DecodeBench {
  private static final int SIDE = 128;
  private static final int TILE = 32;
  private static final List<String> FIXED_HEAP =
      List.of("-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch");

  List<DecodeFigure> measure() throws IOException, InterruptedException {
    return List.of(measure(SIDE / 2, ""), measure(TILE, Integer.toString(TILE)));
  }

  private static DecodeFigure measure(int tile, String shown)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(Jvm.java());
    command.addAll(FIXED_HEAP);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(DecodeMemory.class.getName());
    command.add(Integer.toString(SIDE));
    command.add(Integer.toString(tile));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String out =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (process.waitFor() != 0) {
      throw new IOException("a process that decodes has failed: " + out);
    }
    String[] numbers = out.lines().reduce("", (first, last) -> last).split(" ", -1);
    return new DecodeFigure(
        "4x%dx%d".formatted(SIDE, SIDE),
        shown,
        Double.parseDouble(numbers[0]),
        Double.parseDouble(numbers[1]));
  }
}
