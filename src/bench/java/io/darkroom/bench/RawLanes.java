package io.darkroom.bench;

import ai.onnxruntime.OrtException;
import io.darkroom.model.ModelCard;
import io.darkroom.model.Shape;
import io.darkroom.onnx.Provider;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Raw calls on several threads, which do not wait for each other between calls. */
final class RawLanes implements AutoCloseable {
  private final List<RawCall> calls = new ArrayList<>();
  private final ExecutorService threads;
  private final int rows;
  private final int elements;

  /**
   * @param rows rows of each thread's call
   */
  RawLanes(MeasuredPackage measured, ModelCard card, Shape sample, int lanes, int rows)
      throws OrtException {
    for (int lane = 0; lane < lanes; lane++) {
      calls.add(new RawCall(measured, card, new RawCall.Size(sample, rows), Provider.CPU));
    }
    this.threads = Executors.newFixedThreadPool(lanes);
    this.rows = rows;
    this.elements = sample.size();
  }

  /** Copies the inputs of the engine's last call. */
  void take(WatchedDenoiser.Watched call) {
    calls.forEach(each -> each.take(call, rows, elements));
  }

  /** Runs a number of rows in total and returns the time. */
  double seconds(int all) throws ExecutionException, InterruptedException {
    long begin = System.nanoTime();
    int each = all / rows / calls.size();
    List<Future<?>> ends = new ArrayList<>();
    for (RawCall call : calls) {
      ends.add(threads.submit(() -> run(call, each)));
    }
    for (Future<?> end : ends) {
      end.get();
    }
    return (System.nanoTime() - begin) / 1e9;
  }

  private static Void run(RawCall call, int times) throws OrtException {
    for (int i = 0; i < times; i++) {
      call.run();
    }
    return null;
  }

  @Override
  public void close() throws OrtException {
    threads.shutdown();
    for (RawCall call : calls) {
      call.close();
    }
  }
}
