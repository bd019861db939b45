package io.darkroom.onnx;

import io.darkroom.engine.Denoiser;
import io.darkroom.engine.DeviceFailure;
import io.darkroom.plan.Shape;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A denoising network over ONNX Runtime. The calls of the shapes asked for last are kept; a call
 * that was dropped for another shape still works, its tensors are made anew. Engine thread only.
 */
final class OrtDenoiser implements Denoiser, AutoCloseable {
  private static final int SHAPES = 16;
  private static final int GUIDED = 2;

  /** A call's input: beyond it more rows only cost memory, a row alone keeps the device busy. */
  private static final int ELEMENTS = 1 << 22;

  private final Session session;
  private final DenoiserDoors doors;
  private final boolean sharedTimestep;
  private final RowLadder rows;
  private final Map<Shape, OrtCall> calls = new LinkedHashMap<>(SHAPES, 0.75f, true);

  /**
   * @param sharedTimestep whether the network takes one timestep for all rows
   * @param rows that calls may have; others are filled up
   */
  OrtDenoiser(Session session, DenoiserDoors doors, boolean sharedTimestep, RowLadder rows) {
    this.session = session;
    this.doors = doors;
    this.sharedTimestep = sharedTimestep;
    this.rows = rows;
  }

  @Override
  public int mostRows() {
    return rows.most();
  }

  @Override
  public int rowsOfCall(int used) {
    return rows.holding(used);
  }

  @Override
  public Call call(Shape sample) {
    session.checkThread();
    OrtCall call = calls.get(sample);
    if (call == null) {
      checkSides(sample);
      call = create(sample);
      calls.put(sample, call);
      dropOldest();
    }
    return call;
  }

  /** Lets every call's tensors go; the session stays open. */
  @Override
  public void close() {
    calls.values().forEach(OrtCall::close);
    calls.clear();
  }

  private void dropOldest() {
    if (calls.size() > SHAPES) {
      Map.Entry<Shape, OrtCall> oldest = calls.entrySet().iterator().next();
      oldest.getValue().close();
      calls.remove(oldest.getKey());
    }
  }

  private OrtCall create(Shape shape) {
    int most = mostRows(shape);
    return sharedTimestep
        ? new SharedTimestepCall(batch(shape, most), batch(shape, most), shape.size(), most, rows)
        : new PerRowCall(batch(shape, most), shape.size(), most, rows);
  }

  private int mostRows(Shape shape) {
    long elements = (long) doors.inputChannels() * shape.height() * shape.width();
    int most = rows.within((int) Math.min(rows.most(), ELEMENTS / elements));
    // Even where memory is scarce: an image with guidance must fit.
    return most >= GUIDED ? most : rows.holding(Math.min(GUIDED, rows.most()));
  }

  private Batch batch(Shape shape, int most) {
    return new Batch(session, doors, shape, most, sharedTimestep);
  }

  private void checkSides(Shape shape) {
    Door sample = doors.sample();
    if ((sample.size(2) > 0 && sample.size(2) != shape.height())
        || (sample.size(3) > 0 && sample.size(3) != shape.width())) {
      throw DeviceFailure.refused("sample: must be " + sample + ", is " + shape);
    }
  }
}
