package io.darkroom.bench;

import ai.onnxruntime.OrtException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.darkroom.console.ConsoleBench;
import io.darkroom.engine.DeviceFailure;
import io.darkroom.image.MalformedNpy;
import io.darkroom.model.BrokenPackage;
import io.darkroom.onnx.Provider;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.internal.chartpart.Chart;

/**
 * Measures the parts in turn, prints each table when it is complete, then writes results and
 * charts.
 */
public final class Benchmark {
  private static final int DPI = 150;

  private final Effort effort;
  private final PrintStream out;
  private final List<String> leftOut = new ArrayList<>();

  public Benchmark(Effort effort, PrintStream out) {
    this.effort = effort;
    this.out = out;
  }

  /** The parts that can be measured. */
  public enum Part {
    /** The self-test of every tier. */
    TIERS,
    /** One row compared with the output that the exporter of the network stored. */
    REFERENCE,
    /** Calls of the network compared with the loop around them. */
    CALLS,
    /** One lane, several lanes, and raw calls in parallel. */
    LANES,
    /** The engine compared with a loop in Python. */
    PYTHON,
    /** The loop with a network that only copies. */
    LOOP,
    /** Updates of samplers and noise compared with an array copy. */
    MATH,
    /** Noise drawn while the network runs. */
    NOISE,
    /** Pictures per second. */
    PICTURES,
    /** A mixed trace of requests, with three policies of batching. */
    TRACE,
    /** From the start of a process to its first picture. */
    START,
    /** Messages per second from end to end. */
    MESSAGES,
    /** Memory while packages are repeatedly opened and closed. */
    MEMORY,
    /** Pictures that are enlarged by tiles. */
    TILES,
    /** Large latents decoded as a whole and in tiles, and their memory. */
    DECODE,
    /** Updates of the console's live page. */
    CONSOLE,
    /** Memory of a worker at full load, over minutes. */
    SOAK
  }

  /**
   * What is measured.
   *
   * @param models packages of this project whose calls are measured; empty for all
   * @param more further text-to-image packages
   * @param provider execution provider
   * @param worker the packaged worker, {@code quarkus-app}
   * @param bare an application with the same extensions; may be missing
   * @param reports reports of other programs that are copied into the report
   * @param python Python interpreter for comparison; may be missing
   * @param folder of results
   */
  public record Subjects(
      List<String> models,
      List<Path> more,
      Provider provider,
      Path worker,
      Path bare,
      List<Path> reports,
      String python,
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
      // The process may be killed during the next part, e.g. at a time limit of the machine.
      write(machine, chapters, subjects);
    }
    out.println("results and charts: " + subjects.folder());
  }

  private Chapter chapter(Part part, Subjects subjects) throws Exception {
    return switch (part) {
      case TIERS -> Chapters.tiers(new TierBench(subjects.provider()).measure(subjects.chosen()));
      case REFERENCE -> references(subjects);
      case CALLS -> calls(subjects);
      case LANES -> lanes(subjects);
      case PYTHON -> python(subjects);
      case LOOP -> Chapters.loop(new LoopBench(effort).measure());
      case MATH -> Chapters.math(new MathBench(effort).measure());
      case NOISE -> Chapters.noise(new NoiseAheadBench(effort).measure());
      case PICTURES -> pictures();
      case TRACE -> traces(subjects);
      case START -> starts(subjects);
      case MESSAGES -> messages(subjects);
      case MEMORY -> Chapters.memory(new MemoryBench(effort).measure());
      case TILES -> Chapters.tiles(new TileBench().measure(512));
      case DECODE -> Chapters.decodings(new DecodeBench().measure());
      case CONSOLE -> Chapters.console(new ConsoleBench(effort.soak()).measure());
      case SOAK -> soak(subjects);
    };
  }

  private Chapter calls(Subjects subjects) throws Exception {
    List<CallFigure> figures = new ArrayList<>();
    for (Subject subject : subjects.chosen()) {
      out.println("calls of " + subject.name());
      try {
        new CallBench(effort, subjects.provider())
            .measure(subject, figure -> figures.add(printed(figure)));
      } catch (BrokenPackage | OrtException | DeviceFailure no) {
        leaveOut(subject, no);
      }
    }
    return Chapters.calls(figures);
  }

  /** Printed at once, because the next figure of a large network may take minutes. */
  private CallFigure printed(CallFigure figure) {
    double millis = figure.loopMillisPerRow();
    out.printf(Locale.ROOT, "  %d rows: %.2f ms a row%n", figure.rows(), millis);
    return figure;
  }

  private Chapter lanes(Subjects subjects) throws Exception {
    List<LaneFigure> figures = new ArrayList<>();
    for (Subject subject : subjects.chosen()) {
      figures.addAll(new LaneBench(effort).measure(subject));
    }
    return Chapters.lanes(figures);
  }

  private Chapter python(Subjects subjects) throws Exception {
    List<PythonFigure> figures = new ArrayList<>();
    try {
      for (Subject subject : subjects.chosen()) {
        figures.addAll(new PythonBench(effort, subjects.python()).measure(subject));
      }
    } catch (IOException none) {
      leftOut.add(String.valueOf(none.getMessage()));
      out.println("left out: " + none.getMessage());
    }
    return Chapters.python(figures);
  }

  private Chapter references(Subjects subjects) throws IOException, MalformedNpy {
    List<ReferenceFigure> figures = new ArrayList<>();
    for (Subject subject : subjects.chosen()) {
      try {
        if (ReferenceBench.has(subject)) {
          figures.add(new ReferenceBench(subjects.provider()).measure(subject));
        }
      } catch (BrokenPackage | DeviceFailure no) {
        leaveOut(subject, no);
      }
    }
    return Chapters.references(figures);
  }

  /** A failure of one package does not keep the others from being measured. */
  private void leaveOut(Subject subject, Exception reason) {
    String name = reason instanceof BrokenPackage ? "" : subject.name() + ": ";
    leftOut.add(name + reason.getMessage());
    out.println("not served: " + leftOut.get(leftOut.size() - 1));
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

  private void write(Machine machine, List<Chapter> chapters, Subjects subjects)
      throws IOException {
    Path folder = subjects.folder();
    Files.createDirectories(folder);
    Map<String, Object> results = new LinkedHashMap<>();
    results.put("machine", machine);
    results.put("load_after", Machine.load());
    Provider provider = subjects.provider();
    results.put("provider", Map.of("name", provider.wire(), "options", provider.options()));
    for (Chapter chapter : chapters) {
      results.put(chapter.key(), chapter.figures());
      for (Map.Entry<String, Chart<?, ?>> chart : charts(chapter).entrySet()) {
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
    results.put("left_out", leftOut);
    List<Object> reports = new ArrayList<>();
    for (Path report : subjects.reports()) {
      reports.add(mapper.readTree(report.toFile()));
    }
    results.put("reports", reports);
    mapper.writeValue(folder.resolve("bench.json").toFile(), results);
  }

  /** No chart without figures. */
  private static Map<String, Chart<?, ?>> charts(Chapter chapter) {
    return chapter.figures().isEmpty() ? Map.of() : chapter.charts();
  }
}
