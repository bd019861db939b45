package io.darkroom.diffusion.sampler;

import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.SamplingSpec;
import io.darkroom.diffusion.Steps;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** How each sampler is tested, as rows of a table; the errors are measured when it is made. */
final class SamplerProofs {
  private static final String[] HEAD = {
    "sampler",
    "evaluations per step",
    "noise draws per step",
    "golden cases",
    "worst error",
    "share of tolerance",
    "order",
    "measured",
    "tested by"
  };

  /**
   * Samplers that add fresh noise to their estimate or use norms of noise, and so have no order.
   */
  private static final List<String> BY_DISTRIBUTION =
      List.of("lcm", "flow_euler, stochastic_sampling true", "sde_ve", "consistency");

  private final Map<String, Row> rows = new TreeMap<>();

  private SamplerProofs() {}

  private static final class Row {
    private final List<SamplingSpec> specs = new ArrayList<>();
    private int cases;
    private boolean restated;
    private GoldenRun.Worst worst = GoldenRun.Worst.NONE;
    private Optional<ConvergenceCase> convergence = Optional.empty();
    private double measured = Double.POSITIVE_INFINITY;
  }

  /** Returns the table in Markdown. */
  static String table() throws InvalidSampling {
    SamplerProofs proofs = new SamplerProofs();
    for (GoldenCase golden : GoldenCase.all()) {
      Row row = proofs.row(golden.spec());
      row.cases++;
      row.restated = golden.restated();
      row.worst = row.worst.or(GoldenRun.of(golden).check());
    }
    for (ConvergenceCase each : ConvergenceCase.all()) {
      Row row = proofs.row(each.spec(each.steps()));
      double measured = each.measured();
      if (row.convergence.isEmpty() || each.order() > row.convergence.get().order()) {
        row.convergence = Optional.of(each);
        row.measured = measured;
      }
    }
    MarkdownTable table = new MarkdownTable(HEAD);
    for (Map.Entry<String, Row> each : proofs.rows.entrySet()) {
      table.row(cells(each.getKey(), each.getValue()));
    }
    return table.toString();
  }

  private Row row(SamplingSpec spec) {
    Row row = rows.computeIfAbsent(Variant.of(spec).shown(), shown -> new Row());
    row.specs.add(spec);
    return row;
  }

  private static String[] cells(String shown, Row row) {
    boolean golden = row.cases > 0;
    List<String> by = new ArrayList<>();
    if (golden) {
      by.add(row.restated ? "restated" : "golden");
    }
    if (row.convergence.isPresent() || BY_DISTRIBUTION.contains(shown)) {
      by.add("closed form");
    }
    return new String[] {
      shown,
      perStep(row, false),
      perStep(row, true),
      golden ? Integer.toString(row.cases) : "",
      golden ? number("%.1e", row.worst.error()) : "",
      golden ? number("%.0f %%", 100 * row.worst.share()) : "",
      row.convergence.map(each -> Integer.toString(each.order())).orElse(""),
      row.convergence.isPresent() ? String.format(Locale.ROOT, "%.2f", row.measured) : "",
      String.join(", ", by)
    };
  }

  /** Returns the additions of each step after the twentieth; empty if the steps are listed. */
  private static String perStep(Row row, boolean draws) {
    return row.specs.stream()
        .flatMap(spec -> perStep(spec, draws).stream().boxed())
        .findFirst()
        .map(each -> number("%.2f", each))
        .orElse("");
  }

  private static OptionalDouble perStep(SamplingSpec spec, boolean draws) {
    try {
      return OptionalDouble.of((count(spec, 40, draws) - count(spec, 20, draws)) / 20.0);
    } catch (InvalidSampling fixedInItsSteps) {
      return OptionalDouble.empty();
    }
  }

  private static int count(SamplingSpec spec, int steps, boolean draws) throws InvalidSampling {
    Sampler sampler =
        Samplers.bind(
            new SamplingSpec(spec.scheduler(), new Steps.Count(steps), spec.arguments(), 1));
    int drawn = 0;
    for (int k = 0; k < sampler.evaluations(); k++) {
      drawn += sampler.draws(k);
    }
    return draws ? drawn : sampler.evaluations();
  }

  static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value).replaceFirst("\\.0+$", "");
  }
}
