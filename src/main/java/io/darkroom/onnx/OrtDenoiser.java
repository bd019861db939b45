package io.darkroom.onnx;

import io.darkroom.diffusion.Guidance;
import io.darkroom.engine.Denoiser;
import io.darkroom.engine.DeviceFailure;
import io.darkroom.model.Shape;
import io.darkroom.model.TensorInfo;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A denoising network over ONNX Runtime. Released calls are kept for the next request of their
 * shapes, those released last, as long as they are few and small enough; where memory is short they
 * make room for a new one. Engine thread only.
 */
final class OrtDenoiser implements Denoiser, AutoCloseable {
  /** Released calls that are kept. */
  private static final int IDLE = 16;

  /** Bytes of their buffers, beside a share of what the process may take. */
  private static final long IDLE_BYTES = 1L << 28;

  private static final int SHARE = 8;

  /** A call's input: beyond it more rows only cost memory, a row alone keeps the device busy. */
  private static final int ELEMENTS = 1 << 22;

  private final Session session;
  private final DenoiserSignature signature;
  private final boolean sharedTimestep;
  private final BatchSizes rows;
  private final Map<Shape, OrtCall> used = new HashMap<>();
  private final Map<Shape, OrtCall> idle = new LinkedHashMap<>();

  /**
   * @param sharedTimestep whether the network takes one timestep for all rows
   * @param rows that calls may have; others are filled up
   */
  OrtDenoiser(
      Session session, DenoiserSignature signature, boolean sharedTimestep, BatchSizes rows) {
    this.session = session;
    this.signature = signature;
    this.sharedTimestep = sharedTimestep;
    this.rows = rows;
  }

  @Override
  public int mostRows() {
    return rows.most();
  }

  @Override
  public int rowsOfCall(int used) {
    return single() ? used : rows.holding(used);
  }

  @Override
  public Call call(Shape sample) {
    session.checkThread();
    OrtCall call = used.get(sample);
    if (call == null) {
      call = idle.remove(sample);
      if (call == null) {
        checkSides(sample);
        call = created(sample);
      }
      used.put(sample, call);
    }
    return call;
  }

  @Override
  public void release(Shape sample) {
    OrtCall call = used.remove(sample);
    if (call != null) {
      call.forget();
      idle.put(sample, call);
      keep(IDLE, Math.min(IDLE_BYTES, Runtime.getRuntime().maxMemory() / SHARE));
    }
  }

  /** Lets every call's tensors go; the session stays open. */
  @Override
  public void close() {
    keep(0, 0);
    used.values().forEach(OrtCall::close);
    used.clear();
  }

  /** Drops the released calls that were released first, until there are no more than these. */
  private void keep(int most, long bytes) {
    long taken = idle.values().stream().mapToLong(OrtCall::memory).sum();
    Iterator<OrtCall> oldest = idle.values().iterator();
    while (idle.size() > most || taken > bytes) {
      OrtCall call = oldest.next();
      taken -= call.memory();
      call.close();
      oldest.remove();
    }
  }

  private OrtCall created(Shape shape) {
    try {
      return create(shape);
    } catch (DeviceFailure failure) {
      if (failure.kind() != DeviceFailure.Kind.OUT_OF_MEMORY || idle.isEmpty()) {
        throw failure;
      }
      keep(0, 0);
      return create(shape);
    }
  }

  private OrtCall create(Shape shape) {
    int most = mostRows(shape);
    if (sharedTimestep || single()) {
      // An image with guidance must fit the call, if not a run of the network.
      int front = Math.max(Guidance.MOST_ROWS, most);
      return new GroupedCall(batch(shape, front), batch(shape, most), shape.size(), front, rows);
    }
    return new PerRowCall(batch(shape, most), shape.size(), most, rows);
  }

  /** Whether every row is run by itself. */
  private boolean single() {
    return rows.most() == 1;
  }

  private int mostRows(Shape shape) {
    long elements = (long) signature.inputChannels() * shape.height() * shape.width();
    int most = rows.within((int) Math.min(rows.most(), ELEMENTS / elements));
    // Even where memory is scarce: an image with guidance must fit.
    return most >= Guidance.MOST_ROWS
        ? most
        : rows.holding(Math.min(Guidance.MOST_ROWS, rows.most()));
  }

  private Batch batch(Shape shape, int most) {
    return new Batch(session, signature, shape, most, sharedTimestep);
  }

  private void checkSides(Shape shape) {
    TensorInfo sample = signature.sample();
    if ((sample.size(2) > 0 && sample.size(2) != shape.height())
        || (sample.size(3) > 0 && sample.size(3) != shape.width())) {
      throw DeviceFailure.refused("sample: must be " + sample + ", is " + shape);
    }
  }
}
