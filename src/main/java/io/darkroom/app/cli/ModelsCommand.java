package io.darkroom.app.cli;

import io.darkroom.app.Version;
import io.darkroom.engine.LoadedModel;
import io.darkroom.model.BrokenPackage;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Lists the models that a worker with this configuration would serve. */
@Command(
    name = "models",
    description = "Loads the model packages and prints what a worker would serve.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:every package is served",
      "1:a package is broken, or there is none",
      "2:invalid arguments"
    })
final class ModelsCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private final ModelOptions options = new ModelOptions();

  @Override
  public Integer call() throws IOException {
    Terminal terminal = Terminal.of(spec);
    try (LocalEngine engine = terminal.open(options, LocalConfig.read())) {
      List<LoadedModel> served = engine.models().inOrder();
      PrintWriter out = terminal.out();
      if (!served.isEmpty()) {
        out.println(ModelTable.of(served, engine));
        out.println();
        out.println("A request can pin a package by its digest:");
        served.forEach(
            model -> out.println("  " + model.card().name() + "@sha256:" + model.card().sha256()));
      }
      engine.broken().forEach(broken -> terminal.complain("not served: " + message(broken)));
      return served.isEmpty() || !engine.broken().isEmpty() ? 1 : 0;
    }
  }

  private static String message(BrokenPackage broken) {
    return String.valueOf(broken.getMessage());
  }
}
