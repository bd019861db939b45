package io.darkroom.bench;

import io.darkroom.onnx.Provider;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Lets NVIDIA's driver say how busy a GPU is, ten times a second, from now until it is asked. */
final class GpuWatch implements AutoCloseable {
  private static final String PROGRAM = "nvidia-smi";
  private static final String QUERY = "--query-gpu=utilization.gpu,memory.used,power.draw";

  /** For a driver that hangs. */
  private static final int SECONDS = 20;

  private final Process process;
  private final CompletableFuture<List<String>> lines = new CompletableFuture<>();

  private GpuWatch(Process process) {
    this.process = process;
  }

  /**
   * What some work makes of a provider's GPU; unknown, and nothing done, where it has none or no
   * driver speaks.
   */
  static <E extends Exception> GpuUse during(Provider provider, Work<E> work) throws E {
    return provider instanceof Provider.Cuda cuda
        ? during(PROGRAM, cuda.device(), work)
        : GpuUse.UNKNOWN;
  }

  /**
   * @param program that speaks for the driver
   * @param device number of the GPU
   */
  static <E extends Exception> GpuUse during(String program, int device, Work<E> work) throws E {
    Optional<GpuWatch> begun = begin(program, device);
    if (begun.isEmpty()) {
      return GpuUse.UNKNOWN;
    }
    try (GpuWatch watch = begun.get()) {
      work.run();
      return watch.use();
    }
  }

  /** What a GPU is watched at. */
  interface Work<E extends Exception> {
    void run() throws E;
  }

  private static Optional<GpuWatch> begin(String program, int device) {
    List<String> command =
        List.of(program, QUERY, "--format=csv,noheader,nounits", "--id=" + device, "-lms", "100");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    try {
      GpuWatch watch = new GpuWatch(builder.start());
      Thread reader = new Thread(watch::read, "gpu-watch");
      reader.setDaemon(true);
      reader.start();
      return Optional.of(watch);
    } catch (IOException noSuchProgram) {
      return Optional.empty();
    }
  }

  private GpuUse use() {
    end();
    List<String> all = lines.completeOnTimeout(List.of(), SECONDS, TimeUnit.SECONDS).join();
    // The first sample is of the time before.
    return GpuUse.of(all.subList(Math.min(1, all.size()), all.size()));
  }

  @Override
  public void close() {
    end();
  }

  /** By its handle: what was said before is still to be read, and destroy() would close it. */
  private void end() {
    process.toHandle().destroy();
  }

  private void read() {
    List<String> said = new ArrayList<>();
    try (BufferedReader out = process.inputReader()) {
      out.lines().forEach(said::add);
    } catch (IOException | UncheckedIOException ended) {
      said.add("");
    } finally {
      lines.complete(said);
    }
  }
}
