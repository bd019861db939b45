package io.darkroom.onnx;

import io.darkroom.engine.Denoiser;
import io.darkroom.plan.Shape;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A denoising network over ONNX Runtime. The calls of the shapes asked for last are kept; a call
 * that was dropped for another shape still works, its tensors are made anew. Engine thread only.
 */
final class OrtDenoiser implements Denoiser, AutoCloseable {
  private static final int SHAPES = 16;

  private final Session session;
  private final DenoiserDoors doors;
  private final boolean sharedTimestep;
  private final int mostRows;
  private final int fewestRows;
  private final Map<Shape, OrtCall> calls = new LinkedHashMap<>(SHAPES, 0.75f, true);

  /**
   * @param sharedTimestep whether the network takes one timestep for all rows
   * @param fewestRows calls of fewer are padded
   */
  OrtDenoiser(
      Session session, DenoiserDoors doors, boolean sharedTimestep, int mostRows, int fewestRows) {
    this.session = session;
    this.doors = doors;
    this.sharedTimestep = sharedTimestep;
    this.mostRows = Math.max(mostRows, fewestRows);
    this.fewestRows = fewestRows;
  }

  @Override
  public int mostRows() {
    return mostRows;
  }

  @Override
  public int fewestRows() {
    return fewestRows;
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
    return sharedTimestep
        ? new SharedTimestepCall(batch(shape), batch(shape), shape.size(), mostRows, fewestRows)
        : new PerRowCall(batch(shape), shape.size(), mostRows, fewestRows);
  }

  private Batch batch(Shape shape) {
    return new Batch(session, doors, shape, mostRows, sharedTimestep);
  }

  private void checkSides(Shape shape) {
    Door sample = doors.sample();
    if ((sample.size(2) > 0 && sample.size(2) != shape.height())
        || (sample.size(3) > 0 && sample.size(3) != shape.width())) {
      throw new IllegalArgumentException("sample: must be " + sample + ", is " + shape);
    }
  }
}
