package io.darkroom.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.internal.chartpart.Chart;

/** Measures part by part; prints tables as they come, then writes results and charts. */
public final class Benchmark {
  private static final int DPI = 150;

  private final Effort effort;
  private final PrintStream out;

  public Benchmark(Effort effort, PrintStream out) {
    this.effort = effort;
    this.out = out;
  }

  /** What can be measured. */
  public enum Part {
    /** The network's call beside the loop around it. */
    CALLS,
    /** The loop alone. */
    LOOP,
    /** Pictures a second. */
    PICTURES,
    /** Requests that come and go, through three ways to batch. */
    TRACE
  }

  /**
   * Measures the parts and writes {@code bench.json} and the charts into the folder.
   *
   * @param models packages whose calls are measured; none = all
   */
  public void run(Set<Part> parts, List<String> models, Path folder) throws Exception {
    Machine machine = Machine.here();
    out.println(machine);
    List<Chapter> chapters = new ArrayList<>();
    for (Part part : parts) {
      Chapter chapter = chapter(part, models);
      out.println();
      out.println(chapter.heading() + " (load " + Machine.load() + ")");
      out.println(chapter.table());
      chapters.add(chapter);
    }
    write(machine, chapters, folder);
    out.println("results and charts: " + folder);
  }

  private Chapter chapter(Part part, List<String> models) throws Exception {
    return switch (part) {
      case CALLS -> calls(models);
      case LOOP -> Chapters.loop(new LoopBench(effort).measure());
      case PICTURES -> pictures();
      case TRACE -> Chapters.traces(new TraceBench(effort).measure());
    };
  }

  private Chapter calls(List<String> models) throws Exception {
    List<CallFigure> figures = new ArrayList<>();
    for (Subject subject : Subject.ALL) {
      if (models.isEmpty() || models.contains(subject.name())) {
        out.println("calls of " + subject.name());
        figures.addAll(new CallBench(effort).measure(subject));
      }
    }
    return Chapters.calls(figures);
  }

  private Chapter pictures() throws Exception {
    List<PictureFigure> figures = new ArrayList<>();
    for (Subject subject : Subject.STARTERS) {
      figures.addAll(new PictureBench(effort).measure(subject));
    }
    return Chapters.pictures(figures);
  }

  private static void write(Machine machine, List<Chapter> chapters, Path folder)
      throws IOException {
    Files.createDirectories(folder);
    Map<String, Object> results = new LinkedHashMap<>();
    results.put("machine", machine);
    results.put("load_after", Machine.load());
    for (Chapter chapter : chapters) {
      results.put(chapter.key(), chapter.figures());
      for (Map.Entry<String, Chart<?, ?>> chart : chapter.charts().entrySet()) {
        String file = folder.resolve(chart.getKey()).toString();
        BitmapEncoder.saveBitmapWithDPI(chart.getValue(), file, BitmapFormat.PNG, DPI);
      }
    }
    ObjectMapper mapper =
        JsonMapper.builder()
            .findAndAddModules()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();
    mapper.writeValue(folder.resolve("bench.json").toFile(), results);
  }
}
