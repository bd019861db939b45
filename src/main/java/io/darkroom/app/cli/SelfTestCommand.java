package io.darkroom.app.cli;

import io.darkroom.app.Configured;
import io.darkroom.app.DarkroomConfig;
import io.darkroom.app.VerdictPrinter;
import io.darkroom.app.Version;
import io.darkroom.engine.LoadedModel;
import io.darkroom.json.JsonConfig;
import io.darkroom.model.BrokenPackage;
import io.darkroom.model.Profile;
import io.darkroom.onnx.KnownAnswers;
import io.darkroom.onnx.ModelPackage;
import io.darkroom.onnx.NetworkSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Tests on this machine whether images depend on the rest of their batch, as a worker does. */
@Command(
    name = "selftest",
    description =
        "Loads the model packages and tests that images do not depend on the rest of their batch.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:every package passes",
      "1:a package is broken or not exact, or there is none",
      "2:invalid arguments"
    })
final class SelfTestCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private final ModelOptions options = new ModelOptions();

  @Option(
      names = "--report",
      paramLabel = "FILE",
      defaultValue = "selftest.json",
      description =
          "The report, a JSON file; an existing one is replaced. Default: ${DEFAULT-VALUE}.")
  private Path report = Path.of("selftest.json");

  @Option(
      names = "--write",
      description = {
        "Stores each network's outputs as known answers, which every later start must reproduce,",
        "in the package, or in darkroom.engine.known-answers if it is set."
      })
  private boolean write;

  @Override
  public Integer call() throws IOException {
    Terminal terminal = Terminal.of(spec);
    DarkroomConfig config = LocalConfig.read();
    try (LocalEngine engine = terminal.open(options, config)) {
      List<LoadedModel> served = engine.models().inOrder();
      PrintWriter out = terminal.out();
      served.forEach(model -> lines(model).forEach(out::println));
      if (write) {
        write(engine, Configured.opening(config).known(), out);
      }
      engine.broken().forEach(broken -> terminal.complain("failed: " + broken.getMessage()));
      boolean passed = !served.isEmpty() && engine.broken().isEmpty();
      Map<String, Object> content = content(engine, options.networks(config), passed);
      Files.writeString(report, JsonConfig.write(content) + "\n");
      out.println((passed ? "passed" : "failed") + ", report in " + report);
      return passed ? 0 : 1;
    }
  }

  private static List<String> lines(LoadedModel model) {
    String name = model.card().name();
    String verdict = name + ": " + VerdictPrinter.of(model) + ", on " + model.device().name();
    Profile profile = model.findings().profile();
    return profile.points().isEmpty()
        ? List.of(verdict)
        : List.of(
            verdict,
            "  milliseconds per row, by rows per call: " + profile,
            "  proposed: darkroom.engine.rows-by-model." + name + "=" + profile.bestRows());
  }

  private static void write(LocalEngine engine, KnownAnswers known, PrintWriter out)
      throws IOException {
    for (LoadedModel model : engine.models().inOrder()) {
      ModelPackage pack = engine.pack(model.card().name());
      out.println("written: " + known.write(pack, model.device(), model.findings()));
    }
  }

  private static Map<String, Object> content(
      LocalEngine engine, NetworkSettings settings, boolean passed) {
    Map<String, Object> content = new LinkedHashMap<>();
    content.put("passed", passed);
    content.put("worker_version", Version.number());
    content.put("java", System.getProperty("java.runtime.version"));
    content.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    content.put("threads", settings.threads());
    content.put("rows_per_call", settings.mostRows());
    List<Map<String, Object>> models = new ArrayList<>();
    engine.models().inOrder().forEach(model -> models.add(verdict(model)));
    content.put("models", models);
    content.put("broken", engine.broken().stream().map(SelfTestCommand::problem).toList());
    return content;
  }

  private static Map<String, Object> verdict(LoadedModel model) {
    Map<String, Object> verdict = new LinkedHashMap<>();
    verdict.put("model", model.card().name());
    verdict.put("sha256", model.card().sha256());
    verdict.put("tier", model.device().tier());
    verdict.put("rows_per_call", model.device().rowsPerCall());
    verdict.put("onnxruntime_version", model.device().onnxruntimeVersion());
    verdict.put("provider", model.device().provider());
    verdict.put("device", model.device().name());
    verdict.put("answers", new TreeMap<>(model.findings().answers()));
    verdict.put("answers_known", model.findings().answersKnown());
    verdict.put("memory_bytes", model.findings().bytes());
    Map<String, Object> profile = new LinkedHashMap<>();
    model
        .findings()
        .profile()
        .points()
        .forEach(point -> profile.put(String.valueOf(point.rows()), point.millisPerRow()));
    verdict.put("milliseconds_per_row", profile);
    verdict.put("proposed_rows_per_call", model.findings().profile().bestRows());
    return verdict;
  }

  private static Map<String, Object> problem(BrokenPackage broken) {
    Map<String, Object> problem = new LinkedHashMap<>();
    problem.put("message", String.valueOf(broken.getMessage()));
    problem.put("file", broken.file());
    problem.put("field", broken.field());
    return problem;
  }
}
