package io.darkroom.bench;

import static io.darkroom.bench.Columns.count;
import static io.darkroom.bench.Columns.number;
import static io.darkroom.bench.Columns.optional;
import static io.darkroom.bench.Columns.text;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.ColumnData;
import io.darkroom.console.ConsoleFigure;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.knowm.xchart.internal.chartpart.Chart;

/** Figures as tables and charts. */
final class Sections {

  private Sections() {}

  static Section calls(List<CallFigure> figures) {
    return Section.of(
            "calls",
            "OrtSession.run and the loop, alternately on one thread; share = own calls / loop; medians",
            figures,
            List.of(
                text("model", CallFigure::model),
                text("sample", CallFigure::sample),
                count("rows", CallFigure::rows),
                count("rounds", CallFigure::rounds),
                number("raw ms/row", "%.3f", CallFigure::rawMillisPerRow),
                number("loop ms/row", "%.3f", CallFigure::loopMillisPerRow),
                number("ratio", "%.3f", CallFigure::ratio),
                number("images/s of 50 guided", "%.2f", CallFigure::imagesPerSecond),
                optional("GPU busy", "", figure -> figure.gpu().busy()),
                number("cpu: raw ms/row", "%.3f", CallFigure::rawCpuMillisPerRow),
                number("raw ms/call", "%.2f", CallFigure::rawCpuMillisPerCall),
                number("ratio", "%.3f", CallFigure::cpuRatio),
                number("other loop us/row", "%.1f", CallFigure::besidesMicrosPerRow),
                number("share", "%.3f", CallFigure::relevantShare)))
        .with(
            Map.of(
                "loop-overhead",
                Charts.byRows(
                    "Overhead of the render loop",
                    "time outside network calls, % of the loop",
                    figures,
                    figure -> 100 * (1 - figure.relevantShare())),
                "time-per-row",
                Charts.byRows(
                    "Time per row", "ms per row", figures, CallFigure::relevantMillisPerRow)));
  }

  static Section lanes(List<LaneFigure> figures) {
    return Section.of(
        "lanes",
        "Pictures/s of 20 steps on one lane, on several, and of parallel raw calls; medians",
        figures,
        List.of(
            text("model", LaneFigure::model),
            count("together", LaneFigure::together),
            count("lanes", LaneFigure::lanes),
            count("rounds", LaneFigure::rounds),
            number("one lane", "%.2f", LaneFigure::onePerSecond),
            number("lanes", "%.2f", LaneFigure::perSecond),
            number("raw calls", "%.2f", LaneFigure::rawPerSecond),
            number("lanes / one", "%.3f", LaneFigure::gain),
            number("lanes / raw", "%.3f", LaneFigure::reached)));
  }

  static Section python(List<PythonFigure> figures) {
    return Section.of(
        "python",
        "Pictures/s of 20 steps, compared with a loop in Python with a thread per lane; medians",
        figures,
        List.of(
            text("model", PythonFigure::model),
            count("together", PythonFigure::together),
            count("lanes, threads", PythonFigure::lanes),
            text("its ONNX Runtime", PythonFigure::pythonOnnxRuntime),
            count("rounds", PythonFigure::rounds),
            number("Darkroom", "%.2f", PythonFigure::perSecond),
            number("Python", "%.2f", PythonFigure::pythonPerSecond),
            number("ratio", "%.3f", PythonFigure::ratio)));
  }

  static Section fused(List<FusedFigure> figures) {
    return Section.of(
        "fused",
        "CPU time of renders of 20 steps on one thread, as exported and with fused attention;"
            + " alternately; medians",
        figures,
        List.of(
            text("model", FusedFigure::model),
            text("fused", FusedFigure::fused),
            count("rows", FusedFigure::rows),
            count("rounds", FusedFigure::rounds),
            number("exported ms/row", "%.2f", FusedFigure::millis),
            number("fused ms/row", "%.2f", FusedFigure::fusedMillis),
            number("exported / fused", "%.3f", FusedFigure::gain)));
  }

  static Section firstTurns(List<FirstTurnsFigure> figures) {
    return Section.of(
        "first_turns",
        "CPU time of the loop around emoji-sr4 in the first 2,000 iterations of a process; medians",
        figures,
        List.of(
            count("iterations before", FirstTurnsFigure::before),
            count("processes", FirstTurnsFigure::processes),
            number("their ms", "%.0f", FirstTurnsFigure::beforeMillis),
            number("loop besides the network, ms", "%.0f", FirstTurnsFigure::loopMillis)));
  }

  static Section tiers(List<TierFigure> figures) {
    return Section.of(
        "tiers",
        "Promises of the tiers, tested on this machine",
        figures,
        List.of(
            text("model", TierFigure::model),
            text("on", TierFigure::provider),
            text("tier", TierFigure::tier),
            text("kept", figure -> figure.kept() ? "yes" : "no"),
            text("rows", TierFigure::rows),
            text("answer", figure -> figure.sha256().substring(0, figure.kept() ? 12 : 0))));
  }

  static Section references(List<ReferenceFigure> figures) {
    return Section.of(
        "references",
        "One row of a network compared with the exporter's output",
        figures,
        List.of(
            text("model", ReferenceFigure::model),
            text("on", ReferenceFigure::provider),
            text("numbers", ReferenceFigure::precision),
            number("largest value", "%.4f", ReferenceFigure::largest),
            number("largest difference", "%.2e", ReferenceFigure::difference),
            number("of the largest value", "%.2e", ReferenceFigure::relative),
            count("ms", ReferenceFigure::millis)));
  }

  static Section loop(List<LoopFigure> figures) {
    return Section.of(
        "loop",
        "The loop with an identity network, ancestral Euler, guidance, noise; per image; medians",
        figures,
        List.of(
            text("latents", LoopFigure::latents),
            count("images", LoopFigure::images),
            count("rounds", LoopFigure::rounds),
            number("us/step", "%.1f", LoopFigure::microsPerStep),
            number("us/evaluation", "%.1f", LoopFigure::microsPerEvaluation),
            number("cpu us/step", "%.1f", LoopFigure::cpuMicrosPerStep),
            count("B/step", LoopFigure::bytesPerStep),
            count("B/evaluation", LoopFigure::bytesPerEvaluation),
            count("other B/image", LoopFigure::bytesPerImage)));
  }

  static Section pictures(List<PictureFigure> figures) {
    return Section.of(
        "pictures",
        "Pictures with the packages' defaults, request to decoded picture; medians",
        figures,
        List.of(
            text("model", PictureFigure::model),
            count("together", PictureFigure::together),
            count("evaluations", PictureFigure::evaluations),
            number("pictures/s", "%.2f", PictureFigure::perSecond),
            number("ms each", "%.1f", PictureFigure::millisEach)));
  }

  static Section caches(List<CacheFigure> figures) {
    return Section.of(
        "cache",
        "Eight images together with the packages' defaults and these fields; medians of CPU time",
        figures,
        List.of(
            text("model", CacheFigure::model),
            text("fields", CacheFigure::members),
            count("rounds", CacheFigure::rounds),
            number("ms each", "%.1f", CacheFigure::millisEach),
            number("speed-up", "%.2f", CacheFigure::speedUp),
            number("PSNR dB", "%.1f", CacheFigure::psnr),
            number("lowest", "%.1f", CacheFigure::lowest)));
  }

  static Section traces(List<Trace> traces) {
    List<ColumnData<TraceFigure>> columns =
        List.of(
            text("model", TraceFigure::model),
            optional("load", "all at once", TraceFigure::load),
            text("batching", TraceFigure::policy),
            count("requests", TraceFigure::requests),
            optional("offered/s", "", TraceFigure::offeredPerSecond),
            number("served/s", "%.2f", TraceFigure::servedPerSecond),
            count("mean ms", TraceFigure::meanMillis),
            count("p50 ms", TraceFigure::p50Millis),
            count("p99 ms", TraceFigure::p99Millis),
            number("rows/call", "%.2f", TraceFigure::rowsPerCall),
            number("to static: served", "%.2f", figure -> figure.toStatic().served()),
            number("mean", "%.2f", figure -> figure.toStatic().mean()),
            number("p99", "%.2f", figure -> figure.toStatic().p99()));
    List<TraceFigure> figures = traces.stream().flatMap(trace -> trace.figures().stream()).toList();
    String curves =
        traces.stream().map(Trace::curve).collect(Collectors.joining(System.lineSeparator()));
    Map<String, Chart<?, ?>> charts = new HashMap<>();
    for (Trace trace : traces) {
      charts.put(
          "trace-p99-" + trace.model(),
          Charts.byLoad("P99 latency, network " + trace.model(), trace.figures()));
    }
    return new Section(
        "traces",
        "A mixed trace, each policy on its own clock; load = share of continuous batching's"
            + " capacity",
        traces,
        AsciiTable.getTable(figures, columns) + System.lineSeparator() + curves,
        charts);
  }

  static Section starts(List<StartFigure> figures) {
    return Section.of(
        "starts",
        "From the start of the process, in seconds; medians",
        figures,
        List.of(
            text("program", StartFigure::program),
            count("rounds", StartFigure::rounds),
            number("started", "%.2f", StartFigure::startedSeconds),
            number("cpu", "%.2f", StartFigure::startedCpuSeconds),
            optional("consuming requests", "", StartFigure::readySeconds),
            optional("first picture", "", StartFigure::pictureSeconds),
            optional("cpu", "", StartFigure::pictureCpuSeconds),
            optional("resident MiB", "", StartFigure::residentMebibytes)));
  }

  static Section messages(List<MessageFigure> figures) {
    return Section.of(
        "messages",
        "Requests of a trivial model from end to end, compared with hand-written loops; medians",
        figures,
        List.of(
            text("program", MessageFigure::program),
            count("rounds", MessageFigure::rounds),
            count("messages", MessageFigure::messages),
            number("messages/s", "%.1f", MessageFigure::perSecond),
            number("cpu ms/message", "%.2f", MessageFigure::cpuMillisPerMessage),
            number("to the plain loop", "%.2f", MessageFigure::toPlainLoop)));
  }

  static Section math(List<MathFigure> figures) {
    return Section.of(
        "math",
        "Samplers' updates and draws of noise on one thread, compared with an array copy; medians",
        figures,
        List.of(
            text("operation", MathFigure::what),
            count("elements", MathFigure::elements),
            number("us", "%.2f", MathFigure::micros),
            number("GB/s", "%.2f", MathFigure::gigabytesPerSecond),
            number("of the copy's", "%.2f", MathFigure::ratio),
            count("M elements/s", MathFigure::elementsPerSecond),
            count("B allocated", MathFigure::bytesAllocated)));
  }

  static Section noise(List<NoiseFigure> figures) {
    return Section.of(
        "noise_ahead",
        "Noise drawn by other threads while the network runs, and by the engine's thread; medians",
        figures,
        List.of(
            text("latents", NoiseFigure::latents),
            count("rows", NoiseFigure::rows),
            number("network ms/call", "%.1f", NoiseFigure::networkMillis),
            text("noise", figure -> figure.ahead() ? "ahead" : "in turn"),
            count("other loop us/call", NoiseFigure::besidesMicros),
            number("network / loop", "%.3f", NoiseFigure::ratio)));
  }

  static Section tiles(List<TileFigure> figures) {
    return Section.of(
        "tiles",
        "Pictures enlarged by tiles with emoji-sr4 in 4 steps, and their memory",
        figures,
        List.of(
            text("result", TileFigure::result),
            count("tiles", TileFigure::tiles),
            number("seconds", "%.1f", TileFigure::seconds),
            number("heap MiB", "%.0f", TileFigure::heapMebibytes),
            number("of at most", "%.0f", TileFigure::boundMebibytes),
            number("resident MiB", "%.0f", TileFigure::residentMebibytes),
            number("heap MiB per megapixel", "%.0f", TileFigure::heapPerMegapixel),
            number("resident MiB per megapixel", "%.0f", TileFigure::residentPerMegapixel)));
  }

  static Section points(List<PointsFigure> figures) {
    return Section.of(
            "points",
            "Points of mixture-1d compared with the distribution of its training",
            figures,
            List.of(
                text("sampler", PointsFigure::sampler),
                count("steps", PointsFigure::steps),
                count("points", PointsFigure::points),
                number("Kolmogorov-Smirnov distance", "%.4f", PointsFigure::distance)))
        .with(
            Map.of(
                "mixture-1d",
                Charts.density("Points of mixture-1d, ddim in 50 steps", figures.get(0))));
  }

  static Section decodings(List<DecodeFigure> figures) {
    return Section.of(
        "decodings",
        "Latents decoded once with sd-mini on one lane, and their memory",
        figures,
        List.of(
            text("latents", DecodeFigure::latents),
            text("tile", DecodeFigure::tile),
            number("seconds", "%.1f", DecodeFigure::seconds),
            number("resident MiB", "%.0f", DecodeFigure::mebibytes)));
  }

  static Section console(List<ConsoleFigure> figures) {
    return Section.of(
        "console",
        "The live page with 1,000 running requests, each with a step every second",
        figures,
        List.of(
            number("minutes", "%.1f", ConsoleFigure::minutes),
            count("updates", ConsoleFigure::updates),
            number("kB/update", "%.1f", ConsoleFigure::kilobytes),
            number("server ms, mean", "%.2f", ConsoleFigure::meanMillis),
            number("at most", "%.1f", ConsoleFigure::mostMillis),
            number("heap MiB", "%.1f", ConsoleFigure::heapMebibytes)));
  }

  static Section memory(List<MemoryFigure> figures) {
    return Section.of(
        "memory",
        "Resident memory while packages are opened, used and closed; fitted line",
        figures,
        List.of(
            text("packages", MemoryFigure::packages),
            count("cycles", MemoryFigure::cycles),
            count("warm-up", MemoryFigure::warmUp),
            number("mean MB", "%.1f", MemoryFigure::meanMegabytes),
            number("growth %", "%.2f", MemoryFigure::growthPercent),
            count("ms/opening", MemoryFigure::millisPerOpening)));
  }

  static Section soak(List<SoakFigure> figures) {
    String heading =
        String.format(
            Locale.ROOT,
            "A worker at full load; growth over the second half: heap %.1f %%, resident %.1f %%",
            100 * SoakBench.growth(figures, SoakFigure::heapMebibytes),
            100 * SoakBench.growth(figures, SoakFigure::residentMebibytes));
    return Section.of(
            "soak",
            heading,
            figures,
            List.of(
                number("minutes", "%.1f", SoakFigure::minutes),
                count("requests", SoakFigure::requests),
                number("heap MiB", "%.1f", SoakFigure::heapMebibytes),
                number("resident MiB", "%.1f", SoakFigure::residentMebibytes)))
        .with(Map.of("soak", Charts.memory(figures)));
  }
}
