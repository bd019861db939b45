package io.darkroom.bench;

import io.darkroom.Jvm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Runs {@link FirstTurns} in new processes, without and with renders before the measurement. */
final class FirstTurnsBench {
  private static final int[] BEFORE = {0, 300};
  private static final int PROCESSES = 3;

  List<FirstTurnsFigure> measure() throws IOException, InterruptedException {
    List<FirstTurnsFigure> figures = new ArrayList<>();
    for (int before : BEFORE) {
      double[] warming = new double[PROCESSES];
      double[] loop = new double[PROCESSES];
      for (int i = 0; i < PROCESSES; i++) {
        String[] numbers = run(before).split(" ", -1);
        warming[i] = Double.parseDouble(numbers[0]);
        loop[i] = Double.parseDouble(numbers[1]);
      }
      figures.add(
          new FirstTurnsFigure(before, PROCESSES, Meter.median(warming), Meter.median(loop)));
    }
    return figures;
  }

  private static String run(int before) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(Jvm.java());
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            FirstTurns.class.getName(),
            Integer.toString(before)));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String out =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (process.waitFor() != 0) {
      throw new IOException("a process that renders has failed: " + out);
    }
    return out.lines().reduce("", (first, last) -> last);
  }
}
