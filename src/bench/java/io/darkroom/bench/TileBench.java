package io.darkroom.bench;

import io.darkroom.DirectEngine;
import io.darkroom.engine.EngineObserver;
import io.darkroom.image.Pixels;
import io.darkroom.image.PngWriter;
import io.darkroom.job.RenderRequest;
import io.darkroom.job.Size;
import io.darkroom.model.DeviceCost;
import io.darkroom.model.ModelCard;
import io.darkroom.plan.HeapBytes;
import io.darkroom.plan.InputFacts;
import io.darkroom.plan.Limits;
import io.darkroom.plan.Planner;
import io.darkroom.plan.RenderPlan;
import io.darkroom.plan.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * Measures enlargements by tiles with the starter model, and their memory. Fails if a render holds
 * more of the heap than it reserves.
 */
final class TileBench {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final int SLOTS = 8;
  private static final int STEPS = 4;

  /** Calls between two measurements of the heap. */
  private static final int CALLS = 5;

  private static final double MEBIBYTE = 1 << 20;
  private static final Path MODEL = DirectEngine.STARTER.resolve("emoji-sr4");

  private long most;
  private int calls;

  List<TileFigure> measure(int... sides) throws Exception {
    List<TileFigure> figures = new ArrayList<>();
    for (int side : sides) {
      figures.add(measure(side));
    }
    return figures;
  }

  private TileFigure measure(int side) throws Exception {
    EngineObserver observer = (model, call) -> look();
    try (DirectEngine directEngine = new DirectEngine(SLOTS, observer, MODEL)) {
      RenderRequest request = directEngine.request(request(side));
      RenderPlan plan = plan(request, directEngine.card(MODEL), side);
      Stage stage = plan.first();
      long bound = HeapBytes.kept(stage) + SLOTS * HeapBytes.underWay(stage);
      long before = usedBytes();
      double resident = residentKilobytes("VmRSS:");
      most = before;
      long begin = System.nanoTime();
      directEngine.render(request);
      double seconds = (System.nanoTime() - begin) / 1e9;
      long held = most - before;
      if (held > bound) {
        throw new IllegalStateException("heap: must be at most " + bound + ", was " + held);
      }
      double grown = residentKilobytes("VmHWM:") - resident;
      return new TileFigure(
          stage.result().toString(),
          stage.tiling().count(),
          seconds,
          held / MEBIBYTE,
          bound / MEBIBYTE,
          grown / 1024,
          stage.result().pixels() / MEBIBYTE);
    }
  }

  private void look() {
    if (calls++ % CALLS == 0) {
      most = Math.max(most, usedBytes());
    }
  }

  private static long usedBytes() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static RenderPlan plan(RenderRequest request, ModelCard card, int side) throws Exception {
    Limits limits = new Limits(Long.MAX_VALUE, STEPS, 1, Long.MAX_VALUE);
    return new Planner(limits)
        .draft(request, card)
        .complete(Map.of("/image", new InputFacts(new Size(side, side), 0)), DeviceCost.NONE);
  }

  private static String request(int side) {
    byte[] samples = new byte[3 * side * side];
    for (int i = 0; i < samples.length; i++) {
      int pixel = i / 3;
      int column = pixel % side;
      int row = pixel / side;
      double wave = Math.sin(0.21 * column) * Math.cos(0.13 * row + i % 3);
      samples[i] = (byte) (int) (127.5 + 100 * wave);
    }
    byte[] file = PngWriter.write(new Pixels(side, side, 3, samples), List.of(), 6);
    return """
    {"id": "tiles", "kind": "upscale", "model": "emoji-sr4", "num_inference_steps": %d,
     "image": {"data": "%s"}}
    """
        .formatted(STEPS, Base64.getEncoder().encodeToString(file));
  }

  private static double residentKilobytes(String key) throws IOException {
    for (String line : Files.readAllLines(STATUS)) {
      if (line.startsWith(key)) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException(STATUS + ": has no " + key);
  }
}
