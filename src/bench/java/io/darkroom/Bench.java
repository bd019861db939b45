package io.darkroom;

import io.darkroom.bench.Benchmark;
import io.darkroom.bench.MeasuringTime;
import io.darkroom.onnx.CudaOptions;
import io.darkroom.onnx.DeviceChoice;
import io.darkroom.onnx.Provider;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures and reports: {@code mvn -q -DskipTests package exec:exec@bench}. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description =
        "Measures the cost of renders compared with their networks; writes tables, JSON and charts.")
public final class Bench implements Callable<Integer> {

  @Option(
      names = "--quick",
      arity = "0..1",
      defaultValue = "false",
      fallbackValue = "true",
      description = "short measurements")
  private boolean quick;

  @Option(
      names = "--output",
      defaultValue = "target/bench",
      description = "folder of results (default: ${DEFAULT-VALUE})")
  private Path output;

  @Option(
      names = "--parts",
      split = ",",
      description = "parts to measure: ${COMPLETION-CANDIDATES} (default: all)")
  private List<Benchmark.Part> parts = List.of();

  @Option(names = "--models", split = ",", description = "packages of calls (default: all)")
  private List<String> models = List.of();

  @Option(names = "--more", split = ",", description = "further text-to-image packages")
  private List<Path> more = List.of();

  @Option(
      names = "--device",
      defaultValue = "cpu",
      description = "auto, cuda or cpu (default: ${DEFAULT-VALUE})")
  private String device = "cpu";

  @Option(
      names = "--option",
      paramLabel = "NAME=VALUE",
      description = "option of ONNX Runtime's CUDA provider")
  private Map<String, String> options = Map.of();

  @Option(
      names = "--reports",
      split = ",",
      paramLabel = "FILE",
      description = "JSON reports of other programs to copy into this one")
  private List<Path> reports = List.of();

  @Option(
      names = "--python",
      defaultValue = "python3",
      description = "an interpreter with numpy and onnxruntime (default: ${DEFAULT-VALUE})")
  private String python = "python3";

  @Option(
      names = "--worker",
      defaultValue = "target/quarkus-app",
      description = "the packaged worker (default: ${DEFAULT-VALUE})")
  private Path worker;

  @Option(
      names = "--bare",
      defaultValue = "target/bare/quarkus-app",
      description = "an application with the same extensions (default: ${DEFAULT-VALUE})")
  private Path bare;

  public static void main(String[] args) {
    CommandLine command = new CommandLine(new Bench()).setCaseInsensitiveEnumValuesAllowed(true);
    System.exit(command.execute(args));
  }

  @Override
  public Integer call() throws Exception {
    // The logs of broker and store would hide the results.
    Logger.getLogger("").setLevel(Level.SEVERE);
    Provider provider = DeviceChoice.of(device).resolve(CudaOptions.with(options));
    Set<Benchmark.Part> chosen = EnumSet.allOf(Benchmark.Part.class);
    if (!parts.isEmpty()) {
      chosen.retainAll(parts);
    }
    new Benchmark(quick ? MeasuringTime.QUICK : MeasuringTime.FULL, System.out)
        .run(
            chosen,
            new Benchmark.Subjects(models, more, provider, worker, bare, reports, python, output));
    return 0;
  }
}
