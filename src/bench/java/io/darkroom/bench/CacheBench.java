package io.darkroom.bench;

import io.darkroom.DirectEngine;
import io.darkroom.engine.EngineObserver;
import io.darkroom.engine.StageOutcome;
import io.darkroom.image.Pixels;
import io.darkroom.image.PngWriter;
import io.darkroom.job.RenderRequest;
import io.darkroom.model.Tensor;
import io.darkroom.replay.PictureDifference;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Measures what a cache saves and how much it changes the images: the same images without it, with
 * several intervals and depths, and with guidance in a part of the evaluations, alternately.
 */
final class CacheBench {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int SLOTS = 16;
  private static final int IMAGES = 8;

  /** Images of the sheet: a row for each variant. */
  private static final int SHOWN = 6;

  private static final List<String> VARIANTS =
      List.of(
          "",
          cache(2, 1),
          cache(3, 1),
          cache(5, 1),
          cache(2, 2),
          cache(3, 2),
          cache(2, 3),
          cache(3, 3),
          cache(5, 3),
          "\"guidance_interval\": [0.2, 0.8]",
          "\"guidance_interval\": [0, 0.5]",
          "\"guidance_interval\": [0.2, 0.8], " + cache(2, 1));

  private final MeasuringTime measuringTime;

  CacheBench(MeasuringTime measuringTime) {
    this.measuringTime = measuringTime;
  }

  /**
   * Measures a model and writes its images to {@code cache-MODEL.png}.
   *
   * @param folder folder of the results
   */
  List<CacheFigure> measure(MeasuredPackage measured, Path folder) throws Exception {
    try (DirectEngine engine = new DirectEngine(SLOTS, EngineObserver.NONE, measured.folder())) {
      List<String> variants = variants(engine.card(measured.folder()).skips().size());
      List<List<RenderRequest>> requests =
          variants.stream().map(members -> requests(engine, measured, members)).toList();
      List<List<Pixels>> images = new ArrayList<>();
      for (List<RenderRequest> each : requests) {
        images.add(images(engine.render(each)));
      }
      Rounds rounds = new Rounds(measuringTime);
      rounds.measure(() -> requests.stream().mapToDouble(each -> seconds(engine, each)).toArray());
      Files.createDirectories(folder);
      Files.write(
          folder.resolve("cache-" + measured.name() + ".png"),
          PngWriter.write(sheet(images), List.of(), 9));
      return IntStream.range(0, variants.size())
          .mapToObj(i -> figure(measured, variants.get(i), i, rounds, images))
          .toList();
    }
  }

  private static String cache(int interval, int depth) {
    return "\"cache\": {\"interval\": %d, \"depth\": %d}".formatted(interval, depth);
  }

  /** Returns the variants whose depth the model has. */
  private static List<String> variants(int depths) {
    return VARIANTS.stream().filter(each -> depths > 2 || !each.contains("\"depth\": 3")).toList();
  }

  private static List<RenderRequest> requests(
      DirectEngine engine, MeasuredPackage measured, String members) {
    String more = members.isEmpty() ? "" : ", " + members;
    return IntStream.range(0, IMAGES)
        .mapToObj(seed -> engine.request(measured.request(seed, more)))
        .toList();
  }

  /** Returns the CPU time of the engine's thread, which also runs the networks. */
  private static double seconds(DirectEngine engine, List<RenderRequest> requests) {
    long begin = THREADS.getCurrentThreadCpuTime();
    engine.render(requests);
    return (THREADS.getCurrentThreadCpuTime() - begin) / 1e9;
  }

  private static List<Pixels> images(List<StageOutcome> outcomes) {
    return outcomes.stream()
        .map(outcome -> ((StageOutcome.Done) outcome).pictures().get(0).pixels())
        .map(CacheBench::pixels)
        .toList();
  }

  private static Pixels pixels(Tensor image) {
    return Pixels.ofTensor(image.values(), 3, image.shape().height(), image.shape().width());
  }

  private static CacheFigure figure(
      MeasuredPackage measured,
      String members,
      int variant,
      Rounds rounds,
      List<List<Pixels>> images) {
    double[] psnr =
        IntStream.range(0, IMAGES)
            .mapToObj(
                i -> PictureDifference.between(images.get(0).get(i), images.get(variant).get(i)))
            .mapToDouble(PictureDifference::psnr)
            .toArray();
    return new CacheFigure(
        measured.name(),
        members.replace("\"", ""),
        rounds.count(),
        1000 * rounds.median(variant) / IMAGES,
        rounds.ratio(0, variant),
        DoubleStream.of(psnr).average().orElseThrow(),
        DoubleStream.of(psnr).min().orElseThrow());
  }

  /** Draws the images of each variant as a row, in the order of the table. */
  private static Pixels sheet(List<List<Pixels>> images) {
    int side = images.get(0).get(0).width();
    int width = side * SHOWN;
    byte[] samples = new byte[width * side * images.size() * 3];
    for (int row = 0; row < images.size(); row++) {
      for (int column = 0; column < SHOWN; column++) {
        byte[] image = images.get(row).get(column).toBytes();
        for (int y = 0; y < side; y++) {
          int to = ((row * side + y) * width + column * side) * 3;
          System.arraycopy(image, y * side * 3, samples, to, side * 3);
        }
      }
    }
    return new Pixels(width, side * images.size(), 3, samples);
  }
}
