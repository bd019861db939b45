package io.darkroom.bench;

import io.darkroom.onnx.Lanes;

/**
 * Renders emoji-sr4 in a process that has just started, and prints milliseconds of CPU time: that
 * of renders before the measurement, and that of the loop besides the network in the first 2,000
 * iterations after them. The argument is the number of iterations before the measurement. {@link
 * FirstTurnsBench} runs it, because each figure needs a process of its own.
 */
public final class FirstTurns {
  private static final int MEASURED = 2000;

  private FirstTurns() {}

  public static void main(String[] arguments) throws Exception {
    MeasuredPackage measured = MeasuredPackage.EMOJI_SR4;
    try (LoopNetworks networks = Renders.load(measured, Lanes.ONE)) {
      Renders renders = new Renders(measured, networks, 1);
      long begin = Meter.cpuNanos();
      run(renders, Integer.parseInt(arguments[0]));
      long warm = Meter.cpuNanos();
      long network = networks.denoiser().runs().cpu();
      run(renders, MEASURED);
      long spent = Meter.cpuNanos() - warm - (networks.denoiser().runs().cpu() - network);
      System.out.println((warm - begin) / 1e6 + " " + spent / 1e6);
    }
    System.exit(0);
  }

  private static void run(Renders renders, int iterations) {
    for (int done = 0; done < iterations; done += Renders.STEPS) {
      renders.seconds();
    }
  }
}
