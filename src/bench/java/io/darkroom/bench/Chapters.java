package io.darkroom.bench;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.ColumnData;
import com.github.freva.asciitable.HorizontalAlign;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Figures as tables and charts. */
final class Chapters {

  private Chapters() {}

  static Chapter calls(List<CallFigure> figures) {
    List<ColumnData<CallFigure>> columns =
        List.of(
            text("model", CallFigure::model),
            text("sample", CallFigure::sample),
            number("rows", "%.0f", CallFigure::rows),
            number("rounds", "%.0f", CallFigure::rounds),
            number("raw ms/row", "%.3f", CallFigure::rawMillisPerRow),
            number("loop ms/row", "%.3f", CallFigure::loopMillisPerRow),
            number("ratio", "%.3f", CallFigure::ratio),
            number("images/s of 50 guided", "%.2f", CallFigure::imagesPerSecond),
            number("cpu: raw ms/row", "%.3f", CallFigure::rawCpuMillisPerRow),
            number("raw ms/call", "%.2f", CallFigure::rawCpuMillisPerCall),
            number("loop - raw us/row", "%.1f", CallFigure::overheadMicrosPerRow),
            number("ratio", "%.3f", CallFigure::cpuRatio));
    return new Chapter(
        "calls",
        "OrtSession.run and the loop around it, in turn on one thread; medians",
        figures,
        AsciiTable.getTable(figures, columns),
        Map.of(
            "loop-ratio",
            Charts.byRows(
                "Share of the loop that is the network's call",
                "raw call / loop",
                figures,
                CallFigure::cpuRatio),
            "time-per-row",
            Charts.byRows(
                "Time of one row", "milliseconds", figures, CallFigure::loopCpuMillisPerRow)));
  }

  static Chapter tiers(List<TierFigure> figures) {
    List<ColumnData<TierFigure>> columns =
        List.of(
            text("model", TierFigure::model),
            text("on", TierFigure::provider),
            text("tier", TierFigure::tier),
            text("kept", figure -> figure.kept() ? "yes" : "no"),
            text("rows", TierFigure::rows),
            text("answer", figure -> figure.sha256().substring(0, figure.kept() ? 12 : 0)));
    return new Chapter(
        "tiers",
        "What is promised of pictures, proven here",
        figures,
        AsciiTable.getTable(figures, columns),
        Map.of());
  }

  static Chapter loop(List<LoopFigure> figures) {
    List<ColumnData<LoopFigure>> columns =
        List.of(
            text("latents", LoopFigure::latents),
            number("images", "%.0f", LoopFigure::images),
            number("rounds", "%.0f", LoopFigure::rounds),
            number("us/step", "%.1f", LoopFigure::microsPerStep),
            number("us/evaluation", "%.1f", LoopFigure::microsPerEvaluation),
            number("cpu us/step", "%.1f", LoopFigure::cpuMicrosPerStep),
            number("B/step", "%.0f", LoopFigure::bytesPerStep),
            number("B/evaluation", "%.0f", LoopFigure::bytesPerEvaluation),
            number("B/image besides", "%.0f", LoopFigure::bytesPerImage));
    return new Chapter(
        "loop",
        "The loop alone: identity network, ancestral Euler, guidance, noise; per image; medians",
        figures,
        AsciiTable.getTable(figures, columns),
        Map.of());
  }

  static Chapter pictures(List<PictureFigure> figures) {
    List<ColumnData<PictureFigure>> columns =
        List.of(
            text("model", PictureFigure::model),
            number("together", "%.0f", PictureFigure::together),
            number("evaluations", "%.0f", PictureFigure::evaluations),
            number("pictures/s", "%.2f", PictureFigure::perSecond),
            number("ms each", "%.1f", PictureFigure::millisEach));
    return new Chapter(
        "pictures",
        "Pictures by the packages' defaults, request to decoded picture; medians",
        figures,
        AsciiTable.getTable(figures, columns),
        Map.of());
  }

  static Chapter traces(List<TraceFigure> figures) {
    List<ColumnData<TraceFigure>> columns =
        List.of(
            text("load", figure -> optional(figure.load(), "all at once")),
            text("batching", TraceFigure::policy),
            number("requests", "%.0f", TraceFigure::requests),
            text("offered/s", figure -> optional(figure.offeredPerSecond(), "")),
            number("served/s", "%.2f", TraceFigure::servedPerSecond),
            number("mean ms", "%.0f", TraceFigure::meanMillis),
            number("p50 ms", "%.0f", TraceFigure::p50Millis),
            number("p99 ms", "%.0f", TraceFigure::p99Millis),
            number("rows/call", "%.2f", TraceFigure::rowsPerCall));
    return new Chapter(
        "traces",
        "A mixed trace on emoji-32, clock of processor time; load = share of the most by step",
        figures,
        AsciiTable.getTable(figures, columns),
        Map.of("trace-p99", Charts.byLoad("Time that 99 of 100 requests took at most", figures)));
  }

  static Chapter starts(List<StartFigure> figures) {
    List<ColumnData<StartFigure>> columns =
        List.of(
            text("program", StartFigure::program),
            number("rounds", "%.0f", StartFigure::rounds),
            number("started", "%.2f", StartFigure::startedSeconds),
            number("cpu", "%.2f", StartFigure::startedCpuSeconds),
            text("taking requests", figure -> optional(figure.readySeconds(), "")),
            text("first picture", figure -> optional(figure.pictureSeconds(), "")),
            text("cpu", figure -> optional(figure.pictureCpuSeconds(), "")));
    return new Chapter(
        "starts",
        "From the start of the process, in seconds; medians",
        figures,
        AsciiTable.getTable(figures, columns),
        Map.of());
  }

  static Chapter messages(List<MessageFigure> figures) {
    List<ColumnData<MessageFigure>> columns =
        List.of(
            text("program", MessageFigure::program),
            number("rounds", "%.0f", MessageFigure::rounds),
            number("messages", "%.0f", MessageFigure::messages),
            number("messages/s", "%.1f", MessageFigure::perSecond),
            number("cpu ms/message", "%.2f", MessageFigure::cpuMillisPerMessage),
            number("to the plain loop", "%.2f", MessageFigure::toPlainLoop));
    return new Chapter(
        "messages",
        "Requests of a trivial model from end to end, beside loops written by hand; medians",
        figures,
        AsciiTable.getTable(figures, columns),
        Map.of());
  }

  static Chapter math(List<MathFigure> figures) {
    List<ColumnData<MathFigure>> columns =
        List.of(
            text("what", MathFigure::what),
            number("elements", "%.0f", MathFigure::elements),
            number("us", "%.2f", MathFigure::micros),
            number("GB/s", "%.2f", MathFigure::gigabytesPerSecond),
            number("of the copy's", "%.2f", MathFigure::ratio),
            number("M elements/s", "%.0f", MathFigure::elementsPerSecond),
            number("B allocated", "%.0f", MathFigure::bytesAllocated));
    return new Chapter(
        "math",
        "Samplers' updates and draws of noise on one thread, beside an array copy; medians",
        figures,
        AsciiTable.getTable(figures, columns),
        Map.of());
  }

  static Chapter noise(List<NoiseFigure> figures) {
    List<ColumnData<NoiseFigure>> columns =
        List.of(
            text("latents", NoiseFigure::latents),
            number("rows", "%.0f", NoiseFigure::rows),
            number("network ms/call", "%.1f", NoiseFigure::networkMillis),
            text("noise", figure -> figure.ahead() ? "ahead" : "in turn"),
            number("loop besides, us/call", "%.0f", NoiseFigure::besidesMicros),
            number("network / loop", "%.3f", NoiseFigure::ratio));
    return new Chapter(
        "noise_ahead",
        "Noise drawn by other threads while the network runs, and in turn; medians",
        figures,
        AsciiTable.getTable(figures, columns),
        Map.of());
  }

  static Chapter soak(List<SoakFigure> figures) {
    List<ColumnData<SoakFigure>> columns =
        List.of(
            number("minutes", "%.1f", SoakFigure::minutes),
            number("requests", "%.0f", SoakFigure::requests),
            number("heap MiB", "%.1f", SoakFigure::heapMebibytes),
            number("resident MiB", "%.1f", SoakFigure::residentMebibytes));
    String heading =
        String.format(
            Locale.ROOT,
            "A worker at full load; growth over the second half: heap %.1f %%, resident %.1f %%",
            100 * SoakBench.growth(figures, SoakFigure::heapMebibytes),
            100 * SoakBench.growth(figures, SoakFigure::residentMebibytes));
    return new Chapter(
        "soak",
        heading,
        figures,
        AsciiTable.getTable(figures, columns),
        Map.of("soak", Charts.memory(figures)));
  }

  static <T> ColumnData<T> text(String header, Function<T, String> value) {
    return new Column().header(header).dataAlign(HorizontalAlign.LEFT).with(value);
  }

  private static String optional(OptionalDouble value, String otherwise) {
    return value.isPresent() ? String.format(Locale.ROOT, "%.2f", value.getAsDouble()) : otherwise;
  }

  static <T> ColumnData<T> number(String header, String format, ToDoubleFunction<T> value) {
    return new Column()
        .header(header)
        .with(row -> String.format(Locale.ROOT, format, value.applyAsDouble(row)));
  }
}
