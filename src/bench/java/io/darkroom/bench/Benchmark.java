package io.darkroom.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.darkroom.onnx.Provider;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
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
    /** The self-test of every tier. */
    TIERS,
    /** The network's call beside the loop around it. */
    CALLS,
    /** The loop alone. */
    LOOP,
    /** Samplers' updates and noise beside an array copy. */
    MATH,
    /** Noise drawn while the network runs. */
    NOISE,
    /** Pictures a second. */
    PICTURES,
    /** Requests that come and go, through three ways to batch. */
    TRACE,
    /** From the start of a process to its first picture. */
    START,
    /** Messages a second from end to end. */
    MESSAGES,
    /** Memory while packages are opened and closed in turn. */
    MEMORY,
    /** Memory of a worker at full load, over minutes. */
    SOAK
  }

  /**
   * What is measured, and what for.
   *
   * @param models packages of this project whose calls are measured; none = all
   * @param more packages beside them, text to image
   * @param provider what computes
   * @param worker the packaged worker, {@code quarkus-app}
   * @param bare an application of the same extensions; need not be there
   * @param folder of results
   */
  public record Subjects(
      List<String> models,
      List<Path> more,
      Provider provider,
      Path worker,
      Path bare,
      Path folder) {

    private List<Subject> chosen() {
      Stream<Subject> own = Subject.ALL.stream().filter(subject -> subject.in(models));
      return Stream.concat(own, more.stream().map(Subject::of)).toList();
    }
  }

  /** Measures the parts and writes {@code bench.json} and the charts into the folder. */
  public void run(Set<Part> parts, Subjects subjects) throws Exception {
    Machine machine = Machine.here();
    out.println(machine);
    List<Chapter> chapters = new ArrayList<>();
    for (Part part : parts) {
      Chapter chapter = chapter(part, subjects);
      out.println();
      out.println(chapter.heading() + " (load " + Machine.load() + ")");
      out.println(chapter.table());
      chapters.add(chapter);
    }
    write(machine, chapters, subjects.folder());
    out.println("results and charts: " + subjects.folder());
  }

  private Chapter chapter(Part part, Subjects subjects) throws Exception {
    return switch (part) {
      case TIERS -> Chapters.tiers(new TierBench(subjects.provider()).measure(subjects.chosen()));
      case CALLS -> calls(subjects);
      case LOOP -> Chapters.loop(new LoopBench(effort).measure());
      case MATH -> Chapters.math(new MathBench(effort).measure());
      case NOISE -> Chapters.noise(new NoiseAheadBench(effort).measure());
      case PICTURES -> pictures();
      case TRACE -> traces(subjects);
      case START -> starts(subjects);
      case MESSAGES -> messages(subjects);
      case MEMORY -> Chapters.memory(new MemoryBench(effort).measure());
      case SOAK -> soak(subjects);
    };
  }

  private Chapter calls(Subjects subjects) throws Exception {
    List<CallFigure> figures = new ArrayList<>();
    for (Subject subject : subjects.chosen()) {
      out.println("calls of " + subject.name());
      figures.addAll(new CallBench(effort, subjects.provider()).measure(subject));
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

  private Chapter traces(Subjects subjects) throws Exception {
    Path own = subjects.folder().resolve("trace");
    return Chapters.traces(new TraceBench(effort, subjects.provider(), own).measure());
  }

  private Chapter starts(Subjects subjects) throws Exception {
    StartBench.Programs programs = new StartBench.Programs(subjects.worker(), subjects.bare());
    Path own = subjects.folder().resolve("start");
    return Chapters.starts(new StartBench(programs, effort, own).measure());
  }

  private Chapter messages(Subjects subjects) throws Exception {
    Path own = subjects.folder().resolve("messages");
    return Chapters.messages(new MessageBench(subjects.worker(), effort, own).measure());
  }

  private Chapter soak(Subjects subjects) throws Exception {
    Path own = subjects.folder().resolve("soak");
    return Chapters.soak(new SoakBench(subjects.worker(), effort.soak(), own).measure());
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
