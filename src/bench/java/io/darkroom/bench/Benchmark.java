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

  private final MeasuringTime measuringTime;
  private final PrintStream out;
  private final List<String> leftOut = new ArrayList<>();

  public Benchmark(MeasuringTime measuringTime, PrintStream out) {
    this.measuringTime = measuringTime;
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
    /** Networks as exported and with fused attention. */
    FUSED,
    /** The loop in the first iterations of a process. */
    FIRST,
    /** The loop with a network that only copies. */
    LOOP,
    /** Updates of samplers and noise compared with an array copy. */
    MATH,
    /** Noise drawn while the network runs. */
    NOISE,
    /** Pictures per second. */
    PICTURES,
    /** Renders with a cache and with guidance in a part of the evaluations. */
    CACHE,
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
    /** Points of the one-dimensional model compared with the true distribution. */
    POINTS,
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

    private List<MeasuredPackage> chosen() {
      Stream<MeasuredPackage> own =
          MeasuredPackage.ALL.stream().filter(measured -> measured.in(models));
      return Stream.concat(own, more.stream().map(MeasuredPackage::of)).toList();
    }
  }

  /** Measures the parts and writes {@code bench.json} and the charts into the folder. */
  public void run(Set<Part> parts, Subjects measuredPackages) throws Exception {
    Machine machine = Machine.here();
    out.println(machine);
    List<Section> sections = new ArrayList<>();
    for (Part part : parts) {
      Section section = section(part, measuredPackages);
      out.println();
      out.println(section.heading() + " (load " + Machine.load() + ")");
      out.println(section.table());
      sections.add(section);
      // The process may be killed during the next part, e.g. at a time limit of the machine.
      write(machine, sections, measuredPackages);
    }
    out.println("results and charts: " + measuredPackages.folder());
  }

  private Section section(Part part, Subjects measuredPackages) throws Exception {
    return switch (part) {
      case TIERS ->
          Sections.tiers(
              new TierBench(measuredPackages.provider()).measure(measuredPackages.chosen()));
      case REFERENCE -> references(measuredPackages);
      case CALLS -> calls(measuredPackages);
      case LANES -> lanes(measuredPackages);
      case PYTHON -> python(measuredPackages);
      case FUSED -> fused(measuredPackages);
      case FIRST -> Sections.firstTurns(new FirstTurnsBench().measure());
      case LOOP -> Sections.loop(new LoopBench(measuringTime).measure());
      case MATH -> Sections.math(new MathBench(measuringTime).measure());
      case NOISE -> Sections.noise(new NoiseAheadBench(measuringTime).measure());
      case PICTURES -> pictures();
      case CACHE -> caches(measuredPackages);
      case TRACE -> traces(measuredPackages);
      case START -> starts(measuredPackages);
      case MESSAGES -> messages(measuredPackages);
      case MEMORY -> Sections.memory(new MemoryBench(measuringTime).measure());
      case TILES -> Sections.tiles(new TileBench().measure(512));
      case POINTS -> Sections.points(new PointsBench().measure());
      case DECODE -> Sections.decodings(new DecodeBench().measure());
      case CONSOLE -> Sections.console(new ConsoleBench(measuringTime.soak()).measure());
      case SOAK -> soak(measuredPackages);
    };
  }

  private Section calls(Subjects measuredPackages) throws Exception {
    List<CallFigure> figures = new ArrayList<>();
    for (MeasuredPackage measured : measuredPackages.chosen()) {
      out.println("calls of " + measured.name());
      try {
        new CallBench(measuringTime, measuredPackages.provider())
            .measure(measured, figure -> figures.add(printed(figure)));
      } catch (BrokenPackage | OrtException | DeviceFailure no) {
        leaveOut(measured, no);
      }
    }
    return Sections.calls(figures);
  }

  /** Printed at once, because the next figure of a large network may take minutes. */
  private CallFigure printed(CallFigure figure) {
    double millis = figure.loopMillisPerRow();
    out.printf(Locale.ROOT, "  %d rows: %.2f ms a row%n", figure.rows(), millis);
    return figure;
  }

  private Section lanes(Subjects measuredPackages) throws Exception {
    List<LaneFigure> figures = new ArrayList<>();
    for (MeasuredPackage measured : measuredPackages.chosen()) {
      figures.addAll(new LaneBench(measuringTime).measure(measured));
    }
    return Sections.lanes(figures);
  }

  private Section fused(Subjects measuredPackages) throws Exception {
    List<FusedFigure> figures = new ArrayList<>();
    for (MeasuredPackage measured : measuredPackages.chosen()) {
      figures.addAll(new FusedBench(measuringTime).measure(measured));
    }
    return Sections.fused(figures);
  }

  private Section python(Subjects measuredPackages) throws Exception {
    List<PythonFigure> figures = new ArrayList<>();
    try {
      for (MeasuredPackage measured : measuredPackages.chosen()) {
        figures.addAll(new PythonBench(measuringTime, measuredPackages.python()).measure(measured));
      }
    } catch (IOException none) {
      leftOut.add(String.valueOf(none.getMessage()));
      out.println("left out: " + none.getMessage());
    }
    return Sections.python(figures);
  }

  private Section references(Subjects measuredPackages) throws IOException, MalformedNpy {
    List<ReferenceFigure> figures = new ArrayList<>();
    for (MeasuredPackage measured : measuredPackages.chosen()) {
      try {
        if (ReferenceBench.has(measured)) {
          figures.add(new ReferenceBench(measuredPackages.provider()).measure(measured));
        }
      } catch (BrokenPackage | DeviceFailure no) {
        leaveOut(measured, no);
      }
    }
    return Sections.references(figures);
  }

  /** A failure of one package does not keep the others from being measured. */
  private void leaveOut(MeasuredPackage measured, Exception reason) {
    String name = reason instanceof BrokenPackage ? "" : measured.name() + ": ";
    leftOut.add(name + reason.getMessage());
    out.println("not served: " + leftOut.get(leftOut.size() - 1));
  }

  private Section pictures() throws Exception {
    List<PictureFigure> figures = new ArrayList<>();
    for (MeasuredPackage measured : MeasuredPackage.STARTERS) {
      figures.addAll(new PictureBench(measuringTime).measure(measured));
    }
    return Sections.pictures(figures);
  }

  private Section caches(Subjects measuredPackages) throws Exception {
    List<CacheFigure> figures = new ArrayList<>();
    for (MeasuredPackage measured : List.of(MeasuredPackage.EMOJI_64, MeasuredPackage.EMOJI_32)) {
      if (measured.in(measuredPackages.models())) {
        figures.addAll(new CacheBench(measuringTime).measure(measured, measuredPackages.folder()));
      }
    }
    return Sections.caches(figures);
  }

  private Section traces(Subjects measuredPackages) throws Exception {
    Path own = measuredPackages.folder().resolve("trace");
    return Sections.traces(
        new TraceBench(measuringTime, measuredPackages.provider(), own).measure());
  }

  private Section starts(Subjects measuredPackages) throws Exception {
    StartBench.Programs programs =
        new StartBench.Programs(measuredPackages.worker(), measuredPackages.bare());
    Path own = measuredPackages.folder().resolve("start");
    return Sections.starts(new StartBench(programs, measuringTime, own).measure());
  }

  private Section messages(Subjects measuredPackages) throws Exception {
    Path own = measuredPackages.folder().resolve("messages");
    return Sections.messages(
        new MessageBench(measuredPackages.worker(), measuringTime, own).measure());
  }

  private Section soak(Subjects measuredPackages) throws Exception {
    Path own = measuredPackages.folder().resolve("soak");
    return Sections.soak(
        new SoakBench(measuredPackages.worker(), measuringTime.soak(), own).measure());
  }

  private void write(Machine machine, List<Section> sections, Subjects measuredPackages)
      throws IOException {
    Path folder = measuredPackages.folder();
    Files.createDirectories(folder);
    Map<String, Object> results = new LinkedHashMap<>();
    results.put("machine", machine);
    results.put("load_after", Machine.load());
    Provider provider = measuredPackages.provider();
    results.put("provider", Map.of("name", provider.wire(), "options", provider.options()));
    for (Section section : sections) {
      results.put(section.key(), section.figures());
      for (Map.Entry<String, Chart<?, ?>> chart : charts(section).entrySet()) {
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
    for (Path report : measuredPackages.reports()) {
      reports.add(mapper.readTree(report.toFile()));
    }
    results.put("reports", reports);
    mapper.writeValue(folder.resolve("bench.json").toFile(), results);
  }

  /** No chart without figures. */
  private static Map<String, Chart<?, ?>> charts(Section section) {
    return section.figures().isEmpty() ? Map.of() : section.charts();
  }
}
