package io.darkroom.diffusion.sampler;

import io.darkroom.diffusion.InvalidSampling;
import io.darkroom.diffusion.Option;
import io.darkroom.diffusion.SamplingSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Lists which golden cases set an option to a value other than the default, and which other tests
 * cover it.
 */
final class OptionProofs {

  /**
   * Options that {@link OptionFormulaTest} and {@link CallDefaultsTest} test and no golden case
   * sets.
   */
  private static final Set<String> BY_FORMULA =
      Set.of(
          "base_image_seq_len",
          "base_shift",
          "euler_at_final",
          "gamma",
          "invert_sigmas",
          "max_image_seq_len",
          "max_shift",
          "rho",
          "sampling_eps",
          "sigma_data",
          "trained_betas",
          "use_clipped_model_output");

  private final Map<String, Row> rows = new TreeMap<>();

  private OptionProofs() {}

  private static final class Row {
    private final Set<String> samplers = new HashSet<>();
    private int cases;
    private boolean golden;
    private double share;
    private boolean closedForm;
  }

  /** Returns the table in Markdown. */
  static String table() throws InvalidSampling {
    OptionProofs proofs = new OptionProofs();
    for (SamplerFamily family : Samplers.families()) {
      for (Option<?> option : all(family)) {
        Row row = proofs.rows.computeIfAbsent(option.key(), key -> new Row());
        row.samplers.add(family.className());
      }
    }
    for (GoldenCase golden : GoldenCase.all()) {
      double share = GoldenRun.of(golden).check().share();
      for (String key : set(golden.spec())) {
        Row row = proofs.rows.get(key);
        row.cases++;
        row.golden |= !golden.restated();
        row.share = Math.max(row.share, share);
      }
    }
    for (ConvergenceCase each : ConvergenceCase.all()) {
      set(each.spec(each.steps())).forEach(key -> proofs.rows.get(key).closedForm = true);
    }
    MarkdownTable table =
        new MarkdownTable("option", "samplers", "golden cases", "share of tolerance", "tested by");
    proofs.rows.forEach((key, row) -> table.row(cells(key, row)));
    return table.toString();
  }

  private static String[] cells(String key, Row row) {
    List<String> by = new ArrayList<>();
    if (row.cases > 0) {
      by.add(row.golden ? "golden" : "restated");
    }
    if (row.closedForm) {
      by.add("closed form");
    }
    if (BY_FORMULA.contains(key)) {
      by.add("formula");
    }
    if (by.isEmpty()) {
      throw new AssertionError(key + ": must be proven, by a golden case, an order or a formula");
    }
    return new String[] {
      key,
      Integer.toString(row.samplers.size()),
      row.cases > 0 ? Integer.toString(row.cases) : "",
      row.cases > 0 ? SamplerProofs.number("%.0f %%", 100 * row.share) : "",
      String.join(", ", by)
    };
  }

  /** Returns the keys that a spec sets to other values than the defaults. */
  private static Set<String> set(SamplingSpec spec) {
    String name = String.valueOf(spec.scheduler().requested().get("_class_name"));
    SamplerFamily family = Samplers.family(name).orElseThrow();
    Set<String> keys = new HashSet<>();
    family.aliases().stream()
        .filter(alias -> alias.name().equals(name))
        .forEach(alias -> keys.addAll(alias.presets().keySet()));
    for (Option<?> option : all(family)) {
      Stream.of(spec.scheduler().requested(), spec.arguments())
          .filter(values -> values.containsKey(option.key()))
          .map(values -> option.requested(values.get(option.key())).orElseThrow())
          .filter(value -> !value.equals(option.standard()))
          .forEach(value -> keys.add(option.key()));
    }
    return keys;
  }

  private static List<Option<?>> all(SamplerFamily family) {
    List<Option<?>> all = new ArrayList<>(family.options());
    all.addAll(family.arguments());
    return all;
  }
}
