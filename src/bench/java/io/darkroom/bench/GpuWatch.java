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

/**
 * Samples the use of a GPU ten times per second with NVIDIA's driver, from its creation until the
 * result is read.
 */
final class GpuWatch implements AutoCloseable {
  private static final String PROGRAM = "nvidia-smi";
  private static final String QUERY = "--query-gpu=utilization.gpu,memory.used,power.draw";

  /** Time limit for a driver that hangs. */
  private static final int SECONDS = 20;

  private final Process process;
  private final CompletableFuture<List<String>> lines = new CompletableFuture<>();

  private GpuWatch(Process process) {
    this.process = process;
  }

  /**
   * Returns the use of a provider's GPU during some work; unknown, without running the work, if
   * there is no GPU or no driver.
   */
  static <E extends Exception> GpuUse during(Provider provider, Work<E> work) throws E {
    return provider instanceof Provider.Cuda cuda
        ? during(PROGRAM, cuda.device(), work)
        : GpuUse.UNKNOWN;
  }

  /**
   * @param program program of the driver
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

  /** Work during which a GPU is watched. */
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
    // The first sample belongs to the time before.
    return GpuUse.of(all.subList(Math.min(1, all.size()), all.size()));
  }

  @Override
  public void close() {
    end();
  }

  /** Through its handle, because Process.destroy() would close the output before it is read. */
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
